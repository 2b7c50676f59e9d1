-- The two measurements of each pair, event by event, without who was measured: the later one adds 1 in the period, the
-- earlier one 0, whenever it was made. $1 the figure, $2 the first day, $3 the last, $4 and $5 the place after which to go
-- on, $6 how many, $7 the seed of a sample or null, $8 an area, $9 a plan, $10 a lens, $11 a kind of respondent, each null
-- for all.
WITH pair AS (
    SELECT earlier.sequence AS earlier_sequence, earlier.measured_on AS earlier_on, later.sequence AS later_sequence,
           later.measured_on AS later_on, activity.activity, activity.area, activity.plan
    FROM measurement AS earlier
    JOIN measurement AS later USING (activity, participant, course, lens, respondent, instrument)
    JOIN activity USING (activity) JOIN plan USING (plan)
    WHERE $1::text = 'pairs' AND earlier.wave = 'before' AND later.wave = 'after'
      AND ($8::text IS NULL OR activity.area = $8) AND ($9::text IS NULL OR activity.plan = $9)
      AND ($10::text IS NULL OR lens = $10) AND ($11::text IS NULL OR respondent = $11)
      AND later.measured_on BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
), counted AS (
    SELECT earlier_sequence AS sequence, activity || '/before' AS key, earlier_on AS day, activity, area, plan, 0 AS amount
    FROM pair
    UNION ALL
    SELECT later_sequence, activity || '/after', later_on, activity, area, plan, 1 FROM pair
), {{ground_page}}
SELECT total.*, page.sequence, page.key, 'outcome.measured' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
