-- How each commitment stands at the end of a day: whole months from one rollup, the last days from another.
-- $1 the day, $2 an area whose plans are meant, $3 a plan, each null for all.
WITH edge AS (
    SELECT date_trunc('month', $1::date + 1)::date AS after_whole_months
), moved AS (
    SELECT commitment, committed_ore, released_ore, received_ore, spent_ore
    FROM commitment_month, edge WHERE month < after_whole_months
    UNION ALL
    SELECT commitment, committed_ore, released_ore, received_ore, spent_ore
    FROM commitment_day, edge WHERE day >= after_whole_months AND day <= $1
)
SELECT commitment.plan, commitment.commitment, commitment.funder_kind,
       sum(committed_ore)::bigint AS committed_ore, sum(released_ore)::bigint AS released_ore,
       sum(received_ore)::bigint AS received_ore, sum(spent_ore)::bigint AS spent_ore,
       confirmed_on IS NOT NULL AS is_confirmed
FROM moved JOIN commitment USING (commitment) JOIN plan USING (plan)
     LEFT JOIN confirmation ON confirmation.commitment = commitment.commitment AND confirmed_on <= $1
WHERE ($2::text IS NULL OR plan.areas @> ARRAY[$2]) AND ($3::text IS NULL OR plan.plan = $3)
GROUP BY commitment.plan, commitment.commitment, commitment.funder_kind, confirmed_on
ORDER BY commitment.plan, commitment.commitment;
