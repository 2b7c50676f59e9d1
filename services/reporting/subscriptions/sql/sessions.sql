-- Sessions of some areas that are planned and not cancelled. $1 areas, $2 the first day, $3 the last, $4 how many at most.
SELECT planned_session.activity, coalesce(activity.name, planned_session.activity) AS name, planned_session.session,
       planned_session.planned_on, starts_at, planned_session.hours
FROM planned_session JOIN activity USING (activity)
WHERE activity.area = ANY ($1) AND planned_session.planned_on BETWEEN $2 AND $3
  AND (ended_on IS NULL OR planned_session.planned_on <= ended_on)
  AND NOT EXISTS (
      SELECT FROM session WHERE session.activity = planned_session.activity
          AND session.session = planned_session.session AND session.is_cancelled
  )
ORDER BY planned_session.planned_on, starts_at NULLS LAST, planned_session.activity, planned_session.session LIMIT $4;
