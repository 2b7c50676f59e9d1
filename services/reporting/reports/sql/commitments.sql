-- What funders promised a plan, and whether it is confirmed and whether they hold it back at the end of a day. $1 the plan, $2 the day.
SELECT commitment.commitment, funder, organisation.name AS funder_name, funder_kind, in_kind, commitment.reference, committed_on, confirmed_on,
       CASE WHEN word.is_withheld THEN word.changed_on END AS withheld_on,
       CASE WHEN word.is_withheld THEN word.reason END AS withheld_reason,
       CASE WHEN NOT word.is_withheld THEN word.changed_on END AS resumed_on
FROM commitment LEFT JOIN organisation ON organisation.organisation = funder
LEFT JOIN confirmation ON confirmation.commitment = commitment.commitment AND confirmed_on <= $2
LEFT JOIN LATERAL (
    SELECT is_withheld, changed_on, reason FROM withholding
    WHERE withholding.commitment = commitment.commitment AND changed_on <= $2 ORDER BY sequence DESC LIMIT 1
) AS word ON true
WHERE plan = $1 ORDER BY commitment.commitment;
