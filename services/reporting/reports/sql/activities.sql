-- How many activities there are by where they are in their life at the period's end: $1 first day, $2 last, $3 area, $4 plan, of
-- which the activities are told apart too.
WITH scope AS (
    SELECT activity.activity, activity.area, plan.pool, activity.effort_area, planned_on, started_on, ended_on,
           activity.end_on
    FROM activity JOIN plan USING (plan)
    WHERE ($3::text IS NULL OR activity.area = $3) AND ($4::text IS NULL OR activity.plan = $4)
), span AS (
    SELECT month::date, greatest(month::date, $1) AS first_day,
           least((month + interval '1 month')::date - 1, $2) AS last_day
    FROM generate_series(date_trunc('month', $1::date), $2::date, '1 month') AS month
), alike AS (
    -- Many of a network's thousands of activities run on the same days.
    SELECT planned_on, end_on, started_on, ended_on, count(*) AS activities FROM scope GROUP BY 1, 2, 3, 4
), by_span AS (
    -- Of months all activities together alone are told.
    SELECT NULL::date AS month, activity, area, pool, effort_area, grouping(activity, area, effort_area) AS grouped,
           count(*) FILTER (WHERE planned_on <= $2 AND end_on >= $1 AND (started_on IS NULL OR started_on > $2))
               AS activities_planned,
           count(*) FILTER (WHERE started_on <= $2 AND (ended_on IS NULL OR ended_on > $2)) AS activities_running,
           count(*) FILTER (WHERE ended_on BETWEEN $1 AND $2) AS activities_ended
    FROM scope GROUP BY GROUPING SETS ((), (area), (pool, effort_area), (activity))
    HAVING grouping(activity) = 1 OR $4 IS NOT NULL
    UNION ALL
    SELECT month, NULL, NULL, NULL, NULL, NULL,
           coalesce(sum(activities) FILTER (WHERE planned_on <= last_day AND end_on >= first_day
                                            AND (started_on IS NULL OR started_on > last_day)), 0)::bigint,
           coalesce(sum(activities) FILTER (WHERE started_on <= last_day
                                            AND (ended_on IS NULL OR ended_on > last_day)), 0)::bigint,
           coalesce(sum(activities) FILTER (WHERE ended_on BETWEEN first_day AND last_day), 0)::bigint
    FROM alike, span GROUP BY month
)
SELECT CASE grouped WHEN 7 THEN 'total' WHEN 5 THEN 'area' WHEN 6 THEN 'effort_area' WHEN 3 THEN 'activity'
                    ELSE 'month' END AS grain,
       month, activity, area, pool, effort_area, activities_planned, activities_running, activities_ended
FROM by_span
ORDER BY grain, month, activity, area, pool, effort_area;
