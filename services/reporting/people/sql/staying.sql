-- Cohorts: who was new in each school year, and who of them was seen again in each later one, and in any. Seen is who
-- enrolled or came. $1 the school years' numbers, $2 their first days, $3 their last days, $4 an area or null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.ended_on
    FROM activity JOIN plan USING (plan) WHERE $4::text IS NULL OR activity.area = $4
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), member AS (
    SELECT scope.area, enrolment.participant, enrolment.enrolled_on,
           {{enrolment_ended_on}} AS ended_on
    FROM enrolment JOIN scope USING (activity) LEFT JOIN course USING (course)
), seen AS (
    SELECT area, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0
), year AS (
    -- When each person was first seen in a school year (none: before the first), and whether it was enrolled in it.
    SELECT number, first_day, last_day, area, participant, min(seen_on) AS seen_on, bool_or(is_present) AS is_present
    FROM (
        SELECT area, participant, seen_on, span.*, false AS is_present
        FROM seen LEFT JOIN span ON seen_on BETWEEN first_day AND last_day
        UNION ALL
        SELECT area, participant, NULL, span.*, true
        FROM member JOIN span ON enrolled_on <= last_day AND coalesce(ended_on, 'infinity') >= first_day
    ) AS each
    GROUP BY number, first_day, last_day, area, participant
), person AS (
    SELECT *, min(seen_on) OVER (PARTITION BY area, participant) AS first_on FROM year
), seen_in AS (
    -- One pass for each person: joined to itself, what nobody can estimate is read again for each row.
    SELECT number, area, participant,
           min(number) FILTER (WHERE first_on BETWEEN first_day AND last_day)
               OVER (PARTITION BY area, participant) AS cohort
    FROM person WHERE is_present AND seen_on IS NOT NULL
)
SELECT cohort, area, number - cohort AS years_later, count(*) AS people
FROM seen_in WHERE number >= cohort GROUP BY cohort, area, number
UNION ALL
SELECT cohort, area, NULL, count(DISTINCT participant) FROM seen_in WHERE number > cohort GROUP BY cohort, area
ORDER BY 1, 2, 3;
