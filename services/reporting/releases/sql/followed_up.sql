-- Where former participants were so many months after: the newest word on each person and number of months.
-- $1 areas, $2 the release's last day.
SELECT DISTINCT ON (area, participant, months_after) area, participant, months_after, followed_on, status
FROM followup JOIN activity USING (activity) JOIN plan USING (plan)
WHERE area = ANY ($1) AND started_on <= $2 AND followed_on <= $2
ORDER BY area, participant, months_after, followed_on DESC, sequence DESC;
