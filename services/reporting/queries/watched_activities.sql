-- Activities under way, with what was held in the four weeks before a day and in the four weeks before these. $1 the day.
SELECT activity.activity, activity.area, activity.plan, activity.anchored_on IS NOT NULL AS is_anchored,
       count(*) FILTER (WHERE NOT is_cancelled AND held_on > $1::date - 28)::int AS sessions,
       count(*) FILTER (WHERE NOT is_cancelled AND held_on <= $1::date - 28)::int AS sessions_before,
       coalesce(sum(attendances) FILTER (WHERE held_on > $1::date - 28), 0)::int AS attendances,
       coalesce(sum(attendances) FILTER (WHERE held_on <= $1::date - 28), 0)::int AS attendances_before,
       count(*) FILTER (WHERE is_cancelled AND held_on > $1::date - 28)::int AS cancelled,
       min(held_on) FILTER (WHERE is_cancelled AND held_on > $1::date - 28) AS cancelled_since
FROM activity LEFT JOIN session ON session.activity = activity.activity
    AND held_on > $1::date - 56 AND held_on <= $1
WHERE activity.plan IS NOT NULL AND started_on <= $1 AND (ended_on IS NULL OR ended_on > $1)
GROUP BY activity.activity
ORDER BY activity.activity;
