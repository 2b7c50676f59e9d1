-- How long volunteers worked in a month of an activity, and who. $1 areas, $2 the release's last day.
SELECT area, activity, date_trunc('month', worked_on)::date AS month, (100 * sum(hours))::bigint AS hundredths,
       array_agg(DISTINCT volunteer ORDER BY volunteer) AS people
FROM volunteer_hours JOIN activity USING (activity) JOIN plan USING (plan)
WHERE area = ANY ($1) AND started_on <= $2 AND worked_on <= $2
GROUP BY area, activity, date_trunc('month', worked_on)
ORDER BY area, activity, month;
