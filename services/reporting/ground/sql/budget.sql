-- What made budgets what they are, line by line: what was approved, and each change. $1 the figure, $2 an area whose
-- plans are meant, $3 a plan, $4 a line, $5 an effort area, $6 a cost type, $7 a budget's year, each null for all, $8 the
-- first day, $9 the last, $10 and $11 the place after which to go on, $12 how many, $13 the seed of a sample or null.
WITH counted AS (
    SELECT version.sequence, change.key,
           CASE kind WHEN 'approved' THEN 'budget.approved' ELSE 'budget.revised' END AS type, approved_on AS day,
           version.plan, change.key AS line, change.value::bigint AS amount, approval_reference
    FROM budget_version AS version JOIN plan USING (plan) CROSS JOIN jsonb_each_text(changes) AS change(key, value)
         JOIN budget_line ON budget_line.plan = version.plan AND budget_line.line = change.key
    WHERE $1::text = 'budget_ore' AND ($2::text IS NULL OR plan.areas @> ARRAY[$2]) AND ($3::text IS NULL OR plan.plan = $3)
      AND ($4::text IS NULL OR budget_line.line = $4) AND ($5::text IS NULL OR budget_line.effort_area = $5)
      AND ($6::text IS NULL OR budget_line.cost_type = $6) AND ($7::text IS NULL OR budget_line.year = $7::int)
      AND ($8::date IS NULL OR approved_on >= $8) AND ($9::date IS NULL OR approved_on <= $9)
      AND change.value::bigint <> 0
), total AS (
    SELECT count(*) AS entries, count(DISTINCT sequence) AS events, coalesce(sum(amount), 0)::bigint AS total
    FROM counted
), page AS (
    SELECT *, CASE WHEN $13::text IS NOT NULL
                   THEN sha256(convert_to($13 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($10::bigint, $11::text)
    ORDER BY rank, sequence, key LIMIT $12
)
SELECT total.*, page.sequence, page.key, page.type, page.day, page.plan, NULL AS commitment,
       page.line AS fact, NULL AS voucher, NULL AS text, page.line, NULL AS area, NULL AS activity,
       page.approval_reference AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
