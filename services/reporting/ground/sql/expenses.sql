-- What was spent on lines of budgets, event by event: each booking whole, and below zero what took it back. $1 the
-- figure, $2 the first day, $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed of a
-- sample or null, $8 an area whose plans are meant, $9 a plan, $10 a line, $11 an effort area, $12 a cost type, $13 a
-- budget's year, each null for all.
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
    WHERE $1::text = 'spent_ore' AND ($8::text IS NULL OR plan.areas @> ARRAY[$8]) AND ($9::text IS NULL OR plan.plan = $9)
      AND ($10::text IS NULL OR entry.line = $10) AND ($11::text IS NULL OR budget_line.effort_area = $11)
      AND ($12::text IS NULL OR budget_line.cost_type = $12) AND ($13::text IS NULL OR budget_line.year = $13::int)
      AND ($2::date IS NULL OR entry.day >= $2) AND ($3::date IS NULL OR entry.day <= $3)
), {{ground_page}}
SELECT total.*, page.sequence, page.key, page.type, page.day, page.plan, NULL AS commitment, page.expense AS fact,
       page.voucher, page.text, page.line, page.area, page.activity, NULL AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
