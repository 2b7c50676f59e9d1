-- What made budgets what they are, line by line: what was approved, and each change. $1 the figure, $2 the first day,
-- $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed of a sample or null, $8 an area
-- whose plans are meant, $9 a plan, $10 a line, $11 an effort area, $12 a cost type, $13 a budget's year, each null
-- for all.
WITH counted AS (
    SELECT version.sequence, change.key,
           CASE kind WHEN 'approved' THEN 'budget.approved' ELSE 'budget.revised' END AS type, approved_on AS day,
           version.plan, change.key AS line, change.value::bigint AS amount, approval_reference
    FROM budget_version AS version JOIN plan USING (plan) CROSS JOIN jsonb_each_text(changes) AS change(key, value)
         JOIN budget_line ON budget_line.plan = version.plan AND budget_line.line = change.key
    WHERE $1::text = 'budget_ore' AND ($8::text IS NULL OR plan.areas @> ARRAY[$8]) AND ($9::text IS NULL OR plan.plan = $9)
      AND ($10::text IS NULL OR budget_line.line = $10) AND ($11::text IS NULL OR budget_line.effort_area = $11)
      AND ($12::text IS NULL OR budget_line.cost_type = $12) AND ($13::text IS NULL OR budget_line.year = $13::int)
      AND ($2::date IS NULL OR approved_on >= $2) AND ($3::date IS NULL OR approved_on <= $3)
      AND change.value::bigint <> 0
), {{ground_page}}
SELECT total.*, page.sequence, page.key, page.type, page.day, page.plan, NULL AS commitment,
       page.line AS fact, NULL AS voucher, NULL AS text, page.line, NULL AS area, NULL AS activity,
       page.approval_reference AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
