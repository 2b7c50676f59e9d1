-- The areas with an activity that ran in some days, and not one session of them, held or cancelled. $1 the first day,
-- $2 the last.
SELECT DISTINCT area FROM activity
WHERE started_on <= $2 AND coalesce(ended_on, 'infinity') >= $1 AND area IS NOT NULL
  AND area NOT IN (
      SELECT busy.area FROM activity AS busy JOIN activity_day USING (activity)
      WHERE day BETWEEN $1 AND $2 AND sessions + cancelled_sessions > 0 AND busy.area IS NOT NULL
  )
ORDER BY area;
