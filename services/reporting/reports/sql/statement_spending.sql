-- What was spent on each line of a plan in a span of months. $1 the plan, $2 the first month, $3 the last.
SELECT line, sum(spent_ore)::bigint AS spent_ore FROM line_month
WHERE plan = $1 AND month BETWEEN $2 AND $3 GROUP BY line ORDER BY line;
