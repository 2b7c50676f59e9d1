-- When each who left an activity did so first. $1 areas, $2 the release's last day.
SELECT area, participant, min(left_on) AS left_on
FROM leaving JOIN activity USING (activity) JOIN plan USING (plan)
WHERE area = ANY ($1) AND started_on <= $2 AND left_on <= $2
GROUP BY area, participant ORDER BY area, participant;
