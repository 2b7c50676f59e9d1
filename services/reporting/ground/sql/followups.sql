-- Where former participants were so many months after, event by event: the newest word on each of them in the period. $1
-- the figure, $2 the first day, $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed of a
-- sample or null, $8 an area, $9 the months after, $10 a status, each null for all.
WITH newest AS (
    SELECT DISTINCT ON (area, participant, months_after) followup.sequence, activity, activity.area, activity.plan,
           followed_on, status
    FROM followup JOIN activity USING (activity) JOIN plan USING (plan)
    WHERE $1::text = 'followed_up' AND ($8::text IS NULL OR activity.area = $8)
      AND ($9::text IS NULL OR months_after = $9::int)
      AND followed_on BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
    ORDER BY area, participant, months_after, followed_on DESC, followup.sequence DESC
), counted AS (
    SELECT sequence, activity AS key, followed_on AS day, activity, area, plan, 1 AS amount
    FROM newest WHERE $10::text IS NULL OR status = $10
), {{ground_page}}
SELECT total.*, page.sequence, page.key, 'followup.recorded' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
