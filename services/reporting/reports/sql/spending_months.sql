-- What was spent by plan, area, activity, effort area and cost type of the budget's line, and month; an expense names an
-- activity or none, and a line may be in no budget. $1 the last day of the last month.
SELECT line_month.plan, plan.pool, line_month.area, nullif(line_month.activity, '') AS activity, budget_line.effort_area,
       budget_line.cost_type, budget_line.year, month, sum(spent_ore)::bigint AS spent_ore
FROM line_month JOIN plan USING (plan)
     LEFT JOIN budget_line ON budget_line.plan = line_month.plan AND budget_line.line = line_month.line
WHERE month <= $1
GROUP BY line_month.plan, plan.pool, line_month.area, line_month.activity, budget_line.effort_area,
         budget_line.cost_type, budget_line.year, month
ORDER BY line_month.plan, line_month.area, line_month.activity, budget_line.effort_area, budget_line.cost_type,
         budget_line.year, month;
