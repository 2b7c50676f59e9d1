-- Unique people by activity, plan or kind of activity: in each span, new in it, and back for another school year, which
-- begins on 1 August. Everybody is known by area and pseudonym.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 what to tell apart: activity, plan, kind; $5 an
-- area, $6 a plan, each null for all.
WITH scope AS (
    SELECT activity, area, ended_on, told.part, told.name
    FROM activity JOIN plan USING (plan),
         LATERAL (VALUES ('activity', activity.activity), ('plan', activity.plan), ('kind', activity.kind))
         AS told(part, name)
    WHERE told.part = ANY($4::text[]) AND ($5::text IS NULL OR activity.area = $5)
      AND ($6::text IS NULL OR activity.plan = $6)
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), member AS (
    SELECT scope.area, scope.part, scope.name, enrolment.participant, enrolment.enrolled_on,
           {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
), seen AS (
    SELECT area, part, name, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, scope.part, scope.name, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0
), school_year AS (
    SELECT area, part, name, participant, min(seen_on) AS seen_on
    FROM seen GROUP BY area, part, name, participant, {{school_year_of_seen_on}}
), person AS (
    SELECT area, part, name, participant, min(seen_on) AS first_on,
           (array_agg(seen_on ORDER BY seen_on))[2] AS second_year_on
    FROM school_year GROUP BY area, part, name, participant
), present AS (
    SELECT DISTINCT span.number, area, part, name, participant, first_day, last_day
    FROM member, span WHERE enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
)
SELECT present.number, area, part, name,
       count(*) AS participants,
       count(*) FILTER (WHERE person.first_on BETWEEN present.first_day AND present.last_day) AS new_participants,
       count(*) FILTER (WHERE person.second_year_on <= present.last_day) AS multi_year_participants
FROM present JOIN person USING (area, part, name, participant)
GROUP BY present.number, area, part, name
ORDER BY present.number, area, part, name;
