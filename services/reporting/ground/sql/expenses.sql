-- What was spent on lines of budgets, event by event: each booking whole, and below zero what took it back. $1 the figure,
-- $2 an area whose plans are meant, $3 a plan, $4 a line, $5 an effort area, $6 a cost type, $7 a budget's year, each
-- null for all, $8 the first day, $9 the last, $10 and $11 the place after which to go on, $12 how many, $13 the seed of
-- a sample or null.
WITH entry AS (
    SELECT coalesce(booked_sequence, 0) AS sequence, expense AS key, 'expense.booked' AS type, incurred_on AS day, plan,
           line, amount_ore AS amount, expense, voucher, text, area, activity
    FROM expense
    UNION ALL
    SELECT coalesce(reversed_sequence, 0), expense || '/reversed', 'expense.reversed', reversed_on, plan, line,
           -amount_ore, expense, voucher, text, area, activity
    FROM expense WHERE reversed_on IS NOT NULL
), counted AS (
    SELECT entry.* FROM entry JOIN plan USING (plan)
         LEFT JOIN budget_line ON budget_line.plan = entry.plan AND budget_line.line = entry.line
    WHERE $1::text = 'spent_ore' AND ($2::text IS NULL OR plan.areas @> ARRAY[$2]) AND ($3::text IS NULL OR plan.plan = $3)
      AND ($4::text IS NULL OR entry.line = $4) AND ($5::text IS NULL OR budget_line.effort_area = $5)
      AND ($6::text IS NULL OR budget_line.cost_type = $6) AND ($7::text IS NULL OR budget_line.year = $7::int)
      AND ($8::date IS NULL OR entry.day >= $8) AND ($9::date IS NULL OR entry.day <= $9)
), total AS (
    SELECT count(*) AS entries, count(*) AS events, coalesce(sum(amount), 0)::bigint AS total FROM counted
), page AS (
    SELECT *, CASE WHEN $13::text IS NOT NULL
                   THEN sha256(convert_to($13 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($10::bigint, $11::text)
    ORDER BY rank, sequence, key LIMIT $12
)
SELECT total.*, page.sequence, page.key, page.type, page.day, page.plan, NULL AS commitment, page.expense AS fact,
       page.voucher, page.text, page.line, page.area, page.activity, NULL AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
