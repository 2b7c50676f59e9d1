-- How the commitments to each plan stand at the end of each span, by kind of funder, and whether they were confirmed by
-- then: whole months from one rollup, the last days from another. $1 the spans' numbers, $2 their last days, $3 areas,
-- $4 plans, each null for all.
WITH span AS (
    SELECT number, last_day, date_trunc('month', last_day + 1)::date AS after_whole_months
    FROM unnest($1::int[], $2::date[]) AS span(number, last_day)
), moved AS (
    SELECT number, last_day, commitment, committed_ore, released_ore, received_ore, spent_ore
    FROM commitment_month JOIN span ON month < after_whole_months
    UNION ALL
    SELECT number, last_day, commitment, committed_ore, released_ore, received_ore, spent_ore
    FROM commitment_day JOIN span ON day >= after_whole_months AND day <= last_day
)
SELECT moved.number, commitment.plan, plan.areas, commitment.funder_kind, confirmed_on IS NOT NULL AS is_confirmed,
       sum(committed_ore)::bigint AS committed_ore, sum(released_ore)::bigint AS released_ore,
       sum(received_ore)::bigint AS received_ore, sum(spent_ore)::bigint AS spent_ore
FROM moved JOIN commitment USING (commitment) JOIN plan USING (plan)
LEFT JOIN confirmation ON confirmation.commitment = commitment.commitment AND confirmed_on <= moved.last_day
WHERE ($3::text[] IS NULL OR plan.areas && $3) AND ($4::text[] IS NULL OR plan.plan = ANY ($4))
GROUP BY moved.number, commitment.plan, plan.areas, commitment.funder_kind, confirmed_on IS NOT NULL
ORDER BY moved.number, commitment.plan, commitment.funder_kind, is_confirmed;
