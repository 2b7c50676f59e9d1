-- How many activities there are by where they are in their life at the period's end: $1 first day, $2 last, $3 area, $4 plan, of
-- which the activities are told apart too.
WITH scope AS (
    SELECT activity.*, plan.pool FROM activity JOIN plan USING (plan)
    WHERE ($3::text IS NULL OR activity.area = $3) AND ($4::text IS NULL OR activity.plan = $4)
), span AS (
    SELECT NULL::date AS month, $1::date AS first_day, $2::date AS last_day
    UNION ALL
    SELECT month::date, greatest(month::date, $1), least((month + interval '1 month')::date - 1, $2)
    FROM generate_series(date_trunc('month', $1::date), $2::date, '1 month') AS month
)
SELECT CASE WHEN span.month IS NOT NULL THEN 'month' WHEN grouping(activity) = 0 THEN 'activity'
            WHEN grouping(area) = 0 THEN 'area'
            WHEN grouping(effort_area) = 0 THEN 'effort_area' ELSE 'total' END AS grain,
       span.month, scope.activity, scope.area, scope.pool, scope.effort_area,
       count(*) FILTER (WHERE planned_on <= last_day AND end_on >= first_day
                        AND (started_on IS NULL OR started_on > last_day)) AS activities_planned,
       count(*) FILTER (WHERE started_on <= last_day AND (ended_on IS NULL OR ended_on > last_day))
           AS activities_running,
       count(*) FILTER (WHERE ended_on BETWEEN first_day AND last_day) AS activities_ended
FROM scope, span
GROUP BY GROUPING SETS ((span.month), (span.month, area), (span.month, pool, effort_area), (span.month, activity))
HAVING (span.month IS NULL OR (grouping(area) = 1 AND grouping(effort_area) = 1 AND grouping(activity) = 1))
   AND (grouping(activity) = 1 OR $4 IS NOT NULL)
ORDER BY grain, span.month, scope.activity, scope.area, scope.pool, scope.effort_area;
