-- What was spent and received by plan and whole month, until a month. $1 the last month.
SELECT commitment.plan, month, sum(spent_ore)::bigint AS spent_ore, sum(received_ore)::bigint AS received_ore
FROM commitment_month JOIN commitment USING (commitment)
WHERE month <= $1
GROUP BY commitment.plan, month ORDER BY commitment.plan, month;
