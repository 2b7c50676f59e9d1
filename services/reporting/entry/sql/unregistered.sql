-- Sessions that are planned until a day, and of which nothing is said: neither that they were held nor cancelled. One
-- that was registered under a name of its own, on the same day of the activity, is registered. $1 areas, $2 the day.
SELECT planned_session.activity, coalesce(activity.name, planned_session.activity) AS name, planned_session.session,
       planned_session.planned_on, starts_at
FROM planned_session JOIN activity USING (activity)
WHERE activity.area = ANY ($1) AND planned_session.planned_on <= $2
  AND (ended_on IS NULL OR planned_session.planned_on <= ended_on)
  AND NOT EXISTS (
      SELECT FROM session WHERE session.activity = planned_session.activity
          AND (session.session = planned_session.session OR session.held_on = planned_session.planned_on)
  )
ORDER BY planned_session.planned_on, starts_at NULLS LAST, name, planned_session.session
LIMIT 200;
