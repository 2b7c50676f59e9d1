-- The lines of a plan's budget, as first approved and as they stand. $1 the plan.
WITH changed AS (
    SELECT change.key AS line, sum(change.value::bigint)::bigint AS amount_ore,
           (array_agg(change.value::bigint ORDER BY sequence))[1] AS first_ore
    FROM budget_version, jsonb_each_text(changes) AS change(key, value)
    WHERE plan = $1 GROUP BY change.key
)
SELECT line, effort_area, cost_type, year, coalesce(first_ore, 0) AS first_ore, coalesce(amount_ore, 0) AS amount_ore
FROM budget_line LEFT JOIN changed USING (line) WHERE plan = $1 ORDER BY year, line;
