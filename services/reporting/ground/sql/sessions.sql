-- The sessions of a figure of activities: of each the word that counts, which replaced what was said before. $1 the
-- figure, $2 the first day, $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed of a
-- sample or null, $8 an area, $9 a plan, $10 a pool, $11 an effort area, $12 an activity, each null for all.
WITH entry AS (
    SELECT session.sequence, activity || '/' || session AS key, held_on AS day, is_cancelled, session, activity,
           activity.area, activity.plan,
           CASE $1 WHEN 'sessions' THEN (NOT is_cancelled)::int WHEN 'cancelled_sessions' THEN is_cancelled::int
                   WHEN 'attendances' THEN attendances ELSE attendances * hours END AS amount
    FROM session JOIN activity USING (activity) JOIN plan ON plan.plan = activity.plan
    WHERE ($8::text IS NULL OR activity.area = $8) AND ($9::text IS NULL OR activity.plan = $9)
      AND ($10::text IS NULL OR plan.pool = $10) AND ($11::text IS NULL OR activity.effort_area = $11)
      AND ($12::text IS NULL OR activity.activity = $12) AND ($2::date IS NULL OR held_on >= $2)
      AND ($3::date IS NULL OR held_on <= $3)
), counted AS (
    SELECT * FROM entry WHERE amount <> 0
), {{ground_page}}
SELECT total.*, page.sequence, page.key,
       CASE WHEN page.is_cancelled THEN 'session.cancelled' ELSE 'attendance.recorded' END AS type, page.day, page.plan,
       NULL AS commitment, page.session AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity,
       NULL AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
