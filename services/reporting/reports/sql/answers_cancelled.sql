-- Sessions that were cancelled in some days, the latest first, with the reason that was given. $1 the first day, $2 the
-- last, $3 how many at most.
SELECT session.activity, activity.area, activity.plan, held_on AS date, reason
FROM session JOIN activity USING (activity)
WHERE is_cancelled AND held_on BETWEEN $1 AND $2 AND activity.plan IS NOT NULL AND activity.area IS NOT NULL
ORDER BY held_on DESC, session.activity, session LIMIT $3;
