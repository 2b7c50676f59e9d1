-- Activities under way, with what was held in the four weeks before a day and in the four weeks before these. $1 the day.
SELECT activity.activity, activity.area, activity.plan, activity.anchored_on IS NOT NULL AS is_anchored,
       coalesce(sum(sessions) FILTER (WHERE day > $1::date - 28), 0)::int AS sessions,
       coalesce(sum(sessions) FILTER (WHERE day <= $1::date - 28), 0)::int AS sessions_before,
       coalesce(sum(attendances) FILTER (WHERE day > $1::date - 28), 0)::bigint AS attendances,
       coalesce(sum(attendances) FILTER (WHERE day <= $1::date - 28), 0)::bigint AS attendances_before,
       coalesce(sum(cancelled_sessions) FILTER (WHERE day > $1::date - 28), 0)::int AS cancelled,
       min(day) FILTER (WHERE cancelled_sessions > 0 AND day > $1::date - 28) AS cancelled_since
FROM activity LEFT JOIN activity_day ON activity_day.activity = activity.activity
    AND day > $1::date - 56 AND day <= $1
WHERE activity.plan IS NOT NULL AND started_on <= $1 AND (ended_on IS NULL OR ended_on > $1)
GROUP BY activity.activity
ORDER BY activity.activity;
