-- The hours of volunteers, event by event, without who worked them. $1 the figure, $2 an area, $3 a plan, $4 a pool, $5
-- an effort area, $6 an activity, each null for all, $7 the first day, $8 the last, $9 and $10 the place after which to
-- go on, $11 how many, $12 the seed of a sample or null.
WITH counted AS (
    SELECT worked.sequence, activity AS key, worked_on AS day, activity, activity.area, activity.plan, hours AS amount
    FROM volunteer_hours AS worked JOIN activity USING (activity) JOIN plan ON plan.plan = activity.plan
    WHERE $1::text = 'volunteer_hours' AND ($2::text IS NULL OR activity.area = $2)
      AND ($3::text IS NULL OR activity.plan = $3) AND ($4::text IS NULL OR plan.pool = $4)
      AND ($5::text IS NULL OR activity.effort_area = $5) AND ($6::text IS NULL OR activity.activity = $6)
      AND ($7::date IS NULL OR worked_on >= $7) AND ($8::date IS NULL OR worked_on <= $8)
), total AS (
    SELECT count(*) AS entries, count(*) AS events, coalesce(sum(amount), 0) AS total FROM counted
), page AS (
    SELECT *, CASE WHEN $12::text IS NOT NULL
                   THEN sha256(convert_to($12 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($9::bigint, $10::text)
    ORDER BY rank, sequence, key LIMIT $11
)
SELECT total.*, page.sequence, page.key, 'volunteer.hours' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
