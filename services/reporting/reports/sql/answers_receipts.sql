-- What each commitment is, and what came of it in each year until a day. $1 the day.
SELECT commitment.plan, commitment.commitment, commitment.funder_kind, commitment.in_kind, year::int,
       coalesce(sum(amount_ore), 0)::bigint AS received_ore
FROM commitment JOIN plan USING (plan)
     CROSS JOIN generate_series(extract(year FROM plan.start_on)::int, extract(year FROM plan.end_on)::int) AS year
     LEFT JOIN receipt ON receipt.commitment = commitment.commitment AND received_on <= $1
          AND extract(year FROM received_on)::int = year
WHERE committed_on <= $1
GROUP BY commitment.plan, commitment.commitment, commitment.funder_kind, commitment.in_kind, year
ORDER BY commitment.plan, commitment.commitment, year;
