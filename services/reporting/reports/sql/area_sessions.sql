-- How many sessions areas held in some months. $1 the months' first days.
SELECT area, month, sum(sessions)::int AS sessions
FROM activity_month JOIN activity USING (activity)
WHERE month = ANY ($1) AND area IS NOT NULL
GROUP BY area, month
ORDER BY area, month;
