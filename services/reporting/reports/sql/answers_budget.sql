-- What each plan's budget says by year, as it stands. No parameter.
SELECT budget_version.plan, budget_line.year, sum(change.value::bigint)::bigint AS budget_ore
FROM budget_version CROSS JOIN jsonb_each_text(changes) AS change(line, value)
     JOIN budget_line ON budget_line.plan = budget_version.plan AND budget_line.line = change.line
GROUP BY budget_version.plan, budget_line.year ORDER BY budget_version.plan, budget_line.year;
