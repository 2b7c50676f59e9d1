-- The people of a count, event by event, without who they are: each enrolment, or role of a volunteer, that has a day
-- of the period. The first of a person adds 1, every other one 0. Who is new and who is back is told within what is
-- asked for, as reports tell it. $1 the figure, $2 the first day, $3 the last, $4 and $5 the place after which to go
-- on, $6 how many, $7 the seed of a sample or null, $8 an area, $9 a plan, $10 a pool, $11 an effort area, $12 an
-- activity, each null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.plan, activity.ended_on
    FROM activity JOIN plan ON plan.plan = activity.plan
    WHERE ($8::text IS NULL OR activity.area = $8) AND ($9::text IS NULL OR activity.plan = $9)
      AND ($10::text IS NULL OR plan.pool = $10) AND ($11::text IS NULL OR activity.effort_area = $11)
      AND ($12::text IS NULL OR activity.activity = $12)
), member AS (
    SELECT enrolment.sequence, scope.activity, scope.area, scope.plan, enrolment.participant AS person,
           enrolment.enrolled_on AS began_on, {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
    WHERE $1::text <> 'volunteers'
), engaged AS (
    SELECT taken.sequence, scope.activity, scope.area, scope.plan, taken.volunteer AS person,
           taken.changed_on AS began_on, {{volunteering_ended_on}} AS ended_on
    FROM volunteering AS taken JOIN scope USING (activity)
    WHERE taken.is_engaged AND $1 = 'volunteers'
), seen AS (
    SELECT area, person, began_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0 AND $1 LIKE '%!_participants' ESCAPE '!'
), school_year AS (
    SELECT area, person, min(seen_on) AS seen_on FROM seen GROUP BY area, person, {{school_year_of_seen_on}}
), person AS (
    SELECT area, person, min(seen_on) AS first_on, (array_agg(seen_on ORDER BY seen_on))[2] AS second_year_on
    FROM school_year GROUP BY area, person
), present AS (
    SELECT * FROM (SELECT * FROM member UNION ALL SELECT * FROM engaged) AS each
    WHERE began_on <= coalesce($3::date, 'infinity') AND coalesce(ended_on, 'infinity') >= coalesce($2::date, '-infinity')
), counted AS (
    SELECT present.sequence, present.activity AS key, present.began_on AS day, present.activity, present.area, present.plan,
           (row_number() OVER (PARTITION BY area, person ORDER BY began_on, sequence) = 1)::int AS amount
    FROM present LEFT JOIN person USING (area, person)
    WHERE CASE $1 WHEN 'new_participants'
                  THEN first_on BETWEEN coalesce($2, '-infinity') AND coalesce($3, 'infinity')
                  WHEN 'multi_year_participants' THEN second_year_on <= coalesce($3, 'infinity') ELSE true END
), {{ground_page}}
SELECT total.*, page.sequence, page.key,
       CASE $1 WHEN 'volunteers' THEN 'volunteer.engaged' ELSE 'participant.enrolled' END AS type, page.day, page.plan,
       NULL AS commitment, NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity,
       NULL AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
