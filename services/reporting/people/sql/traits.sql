-- Unique people by age band and by gender, in each span. Everybody has one of each in all spans, as it was said last; of
-- whom no gender was said is with those who are neither. $1 the spans' numbers, $2 their first days, $3 their last days,
-- $4 the last day on which something may have been said, $5 an area, $6 a plan, each null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.plan, activity.ended_on
    FROM activity JOIN plan USING (plan) WHERE $5::text IS NULL OR activity.area = $5
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), member AS (
    SELECT scope.area, scope.plan, scope.activity, enrolment.participant, enrolment.course, enrolment.enrolled_on,
           enrolment.age_band, enrolment.gender, {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
    WHERE enrolment.enrolled_on <= $4
), said AS (
    -- In the order of their days, whenever they were posted, as for a release.
    SELECT *, row_number() OVER (ORDER BY enrolled_on, activity, participant, course, age_band, gender) AS place
    FROM member
), person AS (
    SELECT area, participant,
           (array_agg(age_band ORDER BY place DESC) FILTER (WHERE age_band IS NOT NULL))[1] AS age_band,
           coalesce((array_agg(gender ORDER BY place DESC) FILTER (WHERE gender IS NOT NULL))[1], 'other') AS gender
    FROM said GROUP BY area, participant
), present AS (
    SELECT DISTINCT span.number, area, participant
    FROM member, span
    WHERE enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
      AND ($6::text IS NULL OR member.plan = $6)
)
SELECT present.number, area, told.part, told.name, count(*) AS participants
FROM present JOIN person USING (area, participant),
     LATERAL (VALUES ('age_band', age_band), ('gender', gender)) AS told(part, name)
WHERE told.name IS NOT NULL
GROUP BY present.number, area, told.part, told.name
ORDER BY present.number, area, told.part, told.name;
