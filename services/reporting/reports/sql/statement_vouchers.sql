-- A plan's expenses of a span of days, and those taken back in it, which stand below zero. $1 the plan, $2 the first
-- day, $3 the last.
SELECT incurred_on AS booked_on, voucher, expense, text, line, area, amount_ore, NULL AS reversal
FROM expense WHERE plan = $1 AND incurred_on BETWEEN $2 AND $3
UNION ALL
SELECT reversed_on, voucher, expense, text, line, area, -amount_ore, reversal
FROM expense WHERE plan = $1 AND reversed_on BETWEEN $2 AND $3
ORDER BY booked_on, voucher, expense, amount_ore DESC;
