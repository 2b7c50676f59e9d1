-- Unique people, who are known by area and pseudonym: in the period, new in it, and back for another school year.
-- A school year begins on 1 August. $1 first day, $2 last, $3 area.
WITH scope AS (
    SELECT activity.activity, activity.area, plan.pool, activity.effort_area, activity.ended_on
    FROM activity JOIN plan USING (plan)
    WHERE $3::text IS NULL OR activity.area = $3
), member AS (
    SELECT scope.area, scope.pool, scope.effort_area, enrolment.participant, enrolment.enrolled_on,
           coalesce(scope.ended_on, 'infinity') AS ended_on
    FROM enrolment JOIN scope USING (activity) WHERE enrolment.enrolled_on <= $2
), seen AS (
    SELECT area, pool, effort_area, participant, enrolled_on AS seen_on FROM member
    UNION ALL
    SELECT scope.area, scope.pool, scope.effort_area, presence.participant, presence.month
    FROM presence JOIN scope USING (activity) WHERE presence.sessions > 0 AND presence.month <= $2
), school_year AS (
    SELECT grouping(pool) AS of_person, area, pool, effort_area, participant, min(seen_on) AS seen_on
    FROM seen
    GROUP BY GROUPING SETS (
        (area, participant, extract(year FROM seen_on - interval '7 months')),
        (area, pool, effort_area, participant, extract(year FROM seen_on - interval '7 months'))
    )
), person AS (
    SELECT of_person, area, pool, effort_area, participant, min(seen_on) AS first_on,
           (array_agg(seen_on ORDER BY seen_on))[2] AS second_year_on
    FROM school_year GROUP BY of_person, area, pool, effort_area, participant
), span AS (
    SELECT NULL::date AS month, $1::date AS first_day, $2::date AS last_day
    UNION ALL
    SELECT month::date, greatest(month::date, $1), least((month + interval '1 month')::date - 1, $2)
    FROM generate_series(date_trunc('month', $1::date), $2::date, '1 month') AS month
), present AS (
    SELECT DISTINCT grouping(pool) AS of_person, span.month, area, pool, effort_area, participant, first_day, last_day
    FROM member, span WHERE enrolled_on <= last_day AND ended_on >= first_day
    GROUP BY GROUPING SETS (
        (span.month, area, participant, first_day, last_day),
        (span.month, area, pool, effort_area, participant, first_day, last_day)
    )
), counted AS (
    SELECT present.of_person, present.month, present.area, present.pool, present.effort_area,
           person.first_on BETWEEN present.first_day AND present.last_day AS is_new,
           person.second_year_on <= present.last_day AS is_back
    FROM present JOIN person ON present.of_person = person.of_person
        AND present.area = person.area AND present.participant = person.participant
        AND present.pool IS NOT DISTINCT FROM person.pool
        AND present.effort_area IS NOT DISTINCT FROM person.effort_area
    WHERE present.of_person = 1 OR present.month IS NULL
)
SELECT CASE WHEN of_person = 0 THEN 'effort_area' WHEN month IS NOT NULL THEN 'month'
            WHEN grouping(area) = 0 THEN 'area' ELSE 'total' END AS grain,
       month, area, pool, effort_area, count(*) AS participants,
       count(*) FILTER (WHERE is_new) AS new_participants,
       count(*) FILTER (WHERE is_back) AS multi_year_participants
FROM counted
GROUP BY GROUPING SETS ((of_person, month), (of_person, month, area), (of_person, month, pool, effort_area))
HAVING CASE WHEN of_person = 0 THEN grouping(pool) = 0
            WHEN month IS NOT NULL THEN grouping(area) = 1 AND grouping(pool) = 1
            ELSE grouping(pool) = 1 END
ORDER BY grain, month, area, pool, effort_area;
