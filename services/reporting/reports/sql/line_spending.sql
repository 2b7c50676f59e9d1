-- What was spent on each line of a plan until the end of a day: whole months from the rollup, the last days from the
-- vouchers. $1 the plan, $2 the day.
WITH edge AS (
    SELECT date_trunc('month', $2::date + 1)::date AS after_whole_months
), spent AS (
    SELECT line, spent_ore FROM line_month, edge WHERE plan = $1 AND month < after_whole_months
    UNION ALL
    SELECT line, amount_ore FROM expense, edge
    WHERE plan = $1 AND incurred_on >= after_whole_months AND incurred_on <= $2
    UNION ALL
    SELECT line, -amount_ore FROM expense, edge
    WHERE plan = $1 AND reversed_on >= after_whole_months AND reversed_on <= $2
)
SELECT line, sum(spent_ore)::bigint AS spent_ore FROM spent GROUP BY line ORDER BY line;
