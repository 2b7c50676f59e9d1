-- What was held and worked: whole months from the rollup, the days at both ends from their own. $1 first day, $2 last,
-- $3 area, $4 plan, of which the activities are told apart too.
WITH edge AS (
    SELECT (date_trunc('month', $1::date - 1) + interval '1 month')::date AS first_whole_month,
           date_trunc('month', $2::date + 1)::date AS after_whole_months
), edge_days AS (
    -- Two ranges for the index, of which either may be empty; as one with a hole in it, all days would be read.
    SELECT $1::date AS first_day, least($2::date, first_whole_month - 1) AS last_day FROM edge
    UNION ALL
    SELECT greatest(first_whole_month, after_whole_months), $2 FROM edge
), held AS (
    SELECT activity, month, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    FROM activity_month, edge WHERE month >= first_whole_month AND month < after_whole_months
    UNION ALL
    SELECT activity, date_trunc('month', day)::date, sessions, cancelled_sessions, attendances, participant_hours,
           volunteer_hours
    FROM edge_days JOIN activity_day ON day BETWEEN first_day AND last_day
)
SELECT CASE WHEN grouping(held.month) = 0 THEN 'month' WHEN grouping(activity.activity) = 0 THEN 'activity'
            WHEN grouping(activity.area) = 0 THEN 'area'
            WHEN grouping(activity.effort_area) = 0 THEN 'effort_area' ELSE 'total' END AS grain,
       held.month, activity.activity, activity.area, plan.pool, activity.effort_area,
       coalesce(sum(sessions), 0)::bigint AS sessions,
       coalesce(sum(cancelled_sessions), 0)::bigint AS cancelled_sessions,
       coalesce(sum(attendances), 0)::bigint AS attendances,
       coalesce(sum(participant_hours), 0) AS participant_hours,
       coalesce(sum(volunteer_hours), 0) AS volunteer_hours
FROM held JOIN activity USING (activity) JOIN plan USING (plan)
WHERE ($3::text IS NULL OR activity.area = $3) AND ($4::text IS NULL OR activity.plan = $4)
GROUP BY GROUPING SETS ((), (held.month), (activity.area), (plan.pool, activity.effort_area), (activity.activity))
HAVING grouping(activity.activity) = 1 OR $4 IS NOT NULL
ORDER BY grain, held.month, activity.activity, activity.area, plan.pool, activity.effort_area;
