-- What was held and worked, by activity and month: whole months from the rollup, the days at both ends from the facts.
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
    SELECT activity, date_trunc('month', held_on)::date, (NOT is_cancelled)::int, is_cancelled::int, attendances,
           attendances * hours, 0
    FROM edge_days JOIN session ON held_on BETWEEN first_day AND last_day
    UNION ALL
    SELECT activity, date_trunc('month', worked_on)::date, 0, 0, 0, 0, hours
    FROM edge_days JOIN volunteer_hours ON worked_on BETWEEN first_day AND last_day
)
SELECT held.activity, activity.area, activity.plan, plan.pool, activity.effort_area, activity.kind, held.month,
       sum(sessions)::bigint AS sessions, sum(cancelled_sessions)::bigint AS cancelled_sessions,
       sum(attendances)::bigint AS attendances, sum(participant_hours) AS participant_hours,
       sum(volunteer_hours) AS volunteer_hours
FROM held JOIN activity USING (activity) JOIN plan USING (plan)
GROUP BY held.activity, activity.area, activity.plan, plan.pool, activity.effort_area, activity.kind, held.month
ORDER BY held.activity, held.month;
