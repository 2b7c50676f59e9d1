-- The hours of volunteers, event by event, without who worked them. $1 the figure, $2 an area, $3 a plan, $4 an effort
-- area, $5 an activity, each null for all, $6 the first day, $7 the last, $8 and $9 the place after which to go on, $10
-- how many, $11 the seed of a sample or null.
WITH counted AS (
    SELECT worked.sequence, activity AS key, worked_on AS day, activity, activity.area, activity.plan, hours AS amount
    FROM volunteer_hours AS worked JOIN activity USING (activity)
    WHERE $1::text = 'volunteer_hours' AND ($2::text IS NULL OR activity.area = $2)
      AND ($3::text IS NULL OR activity.plan = $3) AND ($4::text IS NULL OR activity.effort_area = $4)
      AND ($5::text IS NULL OR activity.activity = $5) AND ($6::date IS NULL OR worked_on >= $6)
      AND ($7::date IS NULL OR worked_on <= $7)
), total AS (
    SELECT count(*) AS entries, count(*) AS events, coalesce(sum(amount), 0) AS total FROM counted
), page AS (
    SELECT *, CASE WHEN $11::text IS NOT NULL
                   THEN sha256(convert_to($11 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($8::bigint, $9::text)
    ORDER BY rank, sequence, key LIMIT $10
)
SELECT total.*, page.sequence, page.key, 'volunteer.hours' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
