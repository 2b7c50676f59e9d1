-- Who left an activity in the period, event by event, without who they are. The first time of a person adds 1, every other
-- one 0. $1 the figure, $2 the first day, $3 the last, $4 and $5 the place after which to go on, $6 how many, $7 the seed
-- of a sample or null, $8 an area or null for all.
WITH counted AS (
    SELECT leaving.sequence, activity AS key, left_on AS day, activity, activity.area, activity.plan,
           (row_number() OVER (PARTITION BY area, participant ORDER BY left_on, leaving.sequence) = 1)::int AS amount
    FROM leaving JOIN activity USING (activity) JOIN plan USING (plan)
    WHERE $1::text = 'left' AND ($8::text IS NULL OR activity.area = $8)
      AND left_on BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
), {{ground_page}}
SELECT total.*, page.sequence, page.key, 'participant.left' AS type, page.day, page.plan, NULL AS commitment,
       NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity, NULL AS reference,
       page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
