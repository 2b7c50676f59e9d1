-- The hours of volunteers, event by event, without who worked them. $1 the figure, $2 the first day, $3 the last, $4
-- and $5 the place after which to go on, $6 how many, $7 the seed of a sample or null, $8 an area, $9 a plan, $10 a
-- pool, $11 an effort area, $12 an activity, each null for all.
WITH counted AS (
    SELECT worked.sequence, activity AS key, worked_on AS day, activity, activity.area, activity.plan, hours AS amount
    FROM volunteer_hours AS worked JOIN activity USING (activity) JOIN plan ON plan.plan = activity.plan
    WHERE $1::text = 'volunteer_hours' AND ($8::text IS NULL OR activity.area = $8)
      AND ($9::text IS NULL OR activity.plan = $9) AND ($10::text IS NULL OR plan.pool = $10)
      AND ($11::text IS NULL OR activity.effort_area = $11) AND ($12::text IS NULL OR activity.activity = $12)
      AND ($2::date IS NULL OR worked_on >= $2) AND ($3::date IS NULL OR worked_on <= $3)
), {{ground_page}}
SELECT total.*, page.sequence, page.key, 'volunteer.hours' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
