-- The people of a count, event by event, without who they are: each enrolment, or role of a volunteer, that has a day of
-- the period. The first of a person adds 1, every other one 0. Who is new and who is back is told within what is asked
-- for, as reports tell it. $1 the figure, $2 an area, $3 a plan, $4 a pool, $5 an effort area, $6 an activity, each null
-- for all, $7 the first day, $8 the last, $9 and $10 the place after which to go on, $11 how many, $12 the seed of a
-- sample or null.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.plan, activity.ended_on
    FROM activity JOIN plan ON plan.plan = activity.plan
    WHERE ($2::text IS NULL OR activity.area = $2) AND ($3::text IS NULL OR activity.plan = $3)
      AND ($4::text IS NULL OR plan.pool = $4) AND ($5::text IS NULL OR activity.effort_area = $5)
      AND ($6::text IS NULL OR activity.activity = $6)
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
    WHERE began_on <= coalesce($8::date, 'infinity') AND coalesce(ended_on, 'infinity') >= coalesce($7::date, '-infinity')
), counted AS (
    SELECT present.sequence, present.activity AS key, present.began_on AS day, present.activity, present.area, present.plan,
           (row_number() OVER (PARTITION BY area, person ORDER BY began_on, sequence) = 1)::int AS amount
    FROM present LEFT JOIN person USING (area, person)
    WHERE CASE $1 WHEN 'new_participants'
                  THEN first_on BETWEEN coalesce($7, '-infinity') AND coalesce($8, 'infinity')
                  WHEN 'multi_year_participants' THEN second_year_on <= coalesce($8, 'infinity') ELSE true END
), total AS (
    SELECT count(*) AS entries, count(DISTINCT sequence) AS events, coalesce(sum(amount), 0) AS total FROM counted
), page AS (
    SELECT *, CASE WHEN $12::text IS NOT NULL
                   THEN sha256(convert_to($12 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($9::bigint, $10::text)
    ORDER BY rank, sequence, key LIMIT $11
)
SELECT total.*, page.sequence, page.key,
       CASE $1 WHEN 'volunteers' THEN 'volunteer.engaged' ELSE 'participant.enrolled' END AS type, page.day, page.plan,
       NULL AS commitment, NULL AS fact, NULL AS voucher, NULL AS text, NULL AS line, page.area, page.activity,
       NULL AS reference, page.amount
FROM total LEFT JOIN page ON true
ORDER BY page.sequence, page.key;
