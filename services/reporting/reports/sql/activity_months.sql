-- What was held and worked, by activity and month: whole months from the rollup, the days at both ends from their own.
-- $1 first day, $2 last.
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
SELECT held.activity, activity.area, activity.plan, plan.pool, activity.effort_area, activity.kind, held.month,
       sum(sessions)::bigint AS sessions, sum(cancelled_sessions)::bigint AS cancelled_sessions,
       sum(attendances)::bigint AS attendances, sum(participant_hours) AS participant_hours,
       sum(volunteer_hours) AS volunteer_hours
FROM held JOIN activity USING (activity) JOIN plan USING (plan)
GROUP BY held.activity, activity.area, activity.plan, plan.pool, activity.effort_area, activity.kind, held.month
ORDER BY held.activity, held.month;
