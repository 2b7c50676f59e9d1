-- Cohorts: who was new in each school year, and who of them was seen again in each later one, and in any. Seen is who
-- enrolled or came. $1 the school years' numbers, $2 their first days, $3 their last days, $4 an area or null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.ended_on
    FROM activity JOIN plan USING (plan) WHERE $4::text IS NULL OR activity.area = $4
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), member AS (
    SELECT scope.area, enrolment.participant, enrolment.enrolled_on,
           least(scope.ended_on, course.closed_on, (SELECT min(leaving.left_on) FROM leaving
                WHERE leaving.activity = enrolment.activity AND leaving.participant = enrolment.participant
                  AND leaving.sequence > enrolment.sequence)) AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
), seen AS (
    SELECT area, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0
), present AS (
    SELECT DISTINCT span.number, area, participant
    FROM member, span WHERE enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
), seen_in AS (
    SELECT span.number, area, participant, min(first_on) AS first_on
    FROM (SELECT area, participant, seen_on, min(seen_on) OVER (PARTITION BY area, participant) AS first_on FROM seen)
        AS each JOIN span ON seen_on BETWEEN first_day AND last_day JOIN present USING (number, area, participant)
    GROUP BY span.number, area, participant
), cohort AS (
    SELECT seen_in.number, area, participant
    FROM seen_in JOIN span USING (number) WHERE first_on BETWEEN first_day AND last_day
)
SELECT cohort.number, area, seen_in.number - cohort.number AS years_later, count(DISTINCT participant) AS people
FROM cohort JOIN seen_in USING (area, participant) WHERE seen_in.number >= cohort.number
GROUP BY cohort.number, area, seen_in.number
UNION ALL
SELECT cohort.number, area, NULL, count(DISTINCT participant)
FROM cohort JOIN seen_in USING (area, participant) WHERE seen_in.number > cohort.number
GROUP BY cohort.number, area
ORDER BY 1, 2, 3;
