-- What each funder of a plan had paid and carried before a month, and did from then until the end of another.
-- Whether it is confirmed is told as it is known now. $1 the plan, $2 the first month, $3 the last.
SELECT commitment.commitment, funder, organisation.name AS funder_name, funder_kind, in_kind, confirmed_on,
       coalesce(sum(received_ore) FILTER (WHERE month < $2), 0)::bigint AS received_before_ore,
       coalesce(sum(spent_ore) FILTER (WHERE month < $2), 0)::bigint AS carried_before_ore,
       coalesce(sum(received_ore) FILTER (WHERE month >= $2), 0)::bigint AS received_ore,
       coalesce(sum(spent_ore) FILTER (WHERE month >= $2), 0)::bigint AS carried_ore
FROM commitment LEFT JOIN organisation ON organisation.organisation = funder
     LEFT JOIN confirmation ON confirmation.commitment = commitment.commitment
     LEFT JOIN commitment_month AS moved ON moved.commitment = commitment.commitment AND month <= $3
WHERE plan = $1
GROUP BY commitment.commitment, funder, organisation.name, funder_kind, in_kind, confirmed_on
ORDER BY commitment.commitment;
