-- Unique people, who are known by area and pseudonym: in each span, new in it, and back for another school year; by
-- area, and where the span asks for it by area and effort area too. A school year begins on 1 August.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 whether by effort area, $5 an area or null for all,
-- $6 a plan or null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, plan.pool, activity.effort_area, activity.ended_on
    FROM activity JOIN plan USING (plan)
    WHERE ($5::text IS NULL OR activity.area = $5) AND ($6::text IS NULL OR activity.plan = $6)
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[], $4::bool[])
        AS span(number, first_day, last_day, by_effort_area)
), member AS (
    SELECT scope.area, scope.pool, scope.effort_area, enrolment.participant, enrolment.enrolled_on,
           {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
), seen AS (
    SELECT area, pool, effort_area, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, scope.pool, scope.effort_area, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0
), school_year AS (
    -- '' stands for all effort areas: what is joined must be equal, not only both unknown.
    SELECT area, coalesce(pool, '') AS pool, coalesce(effort_area, '') AS effort_area, participant,
           min(seen_on) AS seen_on
    FROM seen
    GROUP BY GROUPING SETS (
        (area, participant, {{school_year_of_seen_on}}),
        (area, pool, effort_area, participant, {{school_year_of_seen_on}})
    )
), person AS (
    SELECT area, pool, effort_area, participant, min(seen_on) AS first_on,
           (array_agg(seen_on ORDER BY seen_on))[2] AS second_year_on
    FROM school_year GROUP BY area, pool, effort_area, participant
), present AS (
    SELECT span.number, area, coalesce(pool, '') AS pool, coalesce(effort_area, '') AS effort_area, participant,
           first_day, last_day
    FROM member, span WHERE enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
    GROUP BY GROUPING SETS (
        (span.number, area, participant, first_day, last_day),
        (span.number, area, pool, effort_area, participant, first_day, last_day, by_effort_area)
    )
    HAVING grouping(pool) = 1 OR by_effort_area
)
SELECT present.number, area, nullif(pool, '') AS pool, nullif(effort_area, '') AS effort_area,
       count(*) AS participants,
       count(*) FILTER (WHERE person.first_on BETWEEN present.first_day AND present.last_day) AS new_participants,
       count(*) FILTER (WHERE person.second_year_on <= present.last_day) AS multi_year_participants
FROM present JOIN person USING (area, pool, effort_area, participant)
GROUP BY present.number, area, pool, effort_area
ORDER BY present.number, area, pool, effort_area;
