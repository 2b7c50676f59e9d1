-- Unique volunteers, who are known by area and pseudonym: in each span, by area, and where the span asks for it by area
-- and effort area too. $1 the spans' numbers, $2 their first days, $3 their last days, $4 whether by effort area, $5 an
-- area or null for all, $6 a plan or null for all.
WITH scope AS (
    SELECT activity.activity, activity.area, plan.pool, activity.effort_area, activity.ended_on
    FROM activity JOIN plan USING (plan)
    WHERE ($5::text IS NULL OR activity.area = $5) AND ($6::text IS NULL OR activity.plan = $6)
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[], $4::bool[])
        AS span(number, first_day, last_day, by_effort_area)
), engaged AS (
    SELECT scope.area, scope.pool, scope.effort_area, taken.volunteer, taken.changed_on AS engaged_on,
           {{volunteering_ended_on}} AS left_on
    FROM volunteering AS taken JOIN scope USING (activity) WHERE taken.is_engaged
)
SELECT span.number, engaged.area, engaged.pool, engaged.effort_area, count(DISTINCT engaged.volunteer) AS volunteers
FROM engaged JOIN span ON engaged_on <= last_day AND coalesce(left_on, 'infinity') >= first_day
GROUP BY GROUPING SETS ((span.number, area), (span.number, area, pool, effort_area, by_effort_area))
HAVING grouping(pool) = 1 OR by_effort_area
ORDER BY span.number, engaged.area, engaged.pool, engaged.effort_area;
