-- What came in of a plan's commitments in a span of days. $1 the plan, $2 the first day, $3 the last.
SELECT receipt, commitment, amount_ore, received_on, receipt.reference
FROM receipt JOIN commitment USING (commitment)
WHERE plan = $1 AND received_on BETWEEN $2 AND $3 ORDER BY received_on, receipt;
