-- Unique people by any dimensions, for readers who may see them: in each span, new there, and back for another school
-- year. A person is known by area and pseudonym.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 whether they are parts of the time, $5 the masks of
-- the margins (area 1, plan 2, effort area 4, activity 8, kind 16, time 32), $6 areas, $7 plans, $8 effort areas, each
-- null for all. What a margin does not tell apart is ''.
WITH scope AS (
    SELECT activity.*, plan.pool FROM activity JOIN plan USING (plan)
    WHERE ($6::text[] IS NULL OR activity.area = ANY ($6)) AND ($7::text[] IS NULL OR activity.plan = ANY ($7))
      AND ($8::text[] IS NULL OR activity.effort_area = ANY ($8))
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[], $4::bool[]) AS span(number, first_day, last_day, is_part)
), margin AS (
    SELECT * FROM unnest($5::int[]) AS margin(mask)
), member AS (
    SELECT scope.area, scope.plan, scope.pool, scope.effort_area, scope.activity, scope.kind, enrolment.participant,
           enrolment.enrolled_on,
           {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
), seen AS (
    SELECT area, plan, pool, effort_area, activity, kind, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, scope.plan, scope.pool, scope.effort_area, scope.activity, scope.kind, presence.participant,
           presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0
), place AS (
    SELECT DISTINCT mask & 31 AS mask FROM margin
), school_year AS (
    SELECT mask, seen.area AS of_area,
       CASE WHEN mask & 1 <> 0 THEN seen.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN seen.plan ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN seen.pool ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN seen.effort_area ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN seen.activity ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN seen.kind ELSE '' END AS kind,
           participant, min(seen_on) AS seen_on
    FROM seen CROSS JOIN place
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, participant, {{school_year_of_seen_on}}
), person AS (
    SELECT mask, of_area, area, plan, pool, effort_area, activity, kind, participant, min(seen_on) AS first_on,
           (array_agg(seen_on ORDER BY seen_on))[2] AS second_year_on
    FROM school_year GROUP BY mask, of_area, area, plan, pool, effort_area, activity, kind, participant
), present AS (
    SELECT DISTINCT span.number, mask, member.area AS of_area,
       CASE WHEN mask & 1 <> 0 THEN member.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN member.plan ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN member.pool ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN member.effort_area ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN member.activity ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN member.kind ELSE '' END AS kind,
           participant, first_day, last_day
    FROM member JOIN span ON enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
    JOIN margin ON (mask & 32 <> 0) = span.is_part
)
SELECT present.number, present.mask, area, plan, pool, effort_area, activity, kind,
       count(*) AS participants,
       count(*) FILTER (WHERE person.first_on BETWEEN present.first_day AND present.last_day) AS new_participants,
       count(*) FILTER (WHERE person.second_year_on <= present.last_day) AS multi_year_participants
FROM present JOIN person USING (of_area, area, plan, pool, effort_area, activity, kind, participant)
WHERE person.mask = present.mask & 31
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;
