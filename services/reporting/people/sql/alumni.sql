-- Former participants: how many left an activity in the period (months null), and where they were so many months after,
-- by the newest word on each person and number of months. $1 the first day, $2 the last, $3 an area or null for all.
WITH scope AS (
    SELECT activity.activity, activity.area
    FROM activity JOIN plan USING (plan) WHERE $3::text IS NULL OR activity.area = $3
), newest AS (
    SELECT DISTINCT ON (area, participant, months_after) area, participant, months_after, status
    FROM followup JOIN scope USING (activity) WHERE followed_on BETWEEN $1 AND $2
    ORDER BY area, participant, months_after, followed_on DESC, sequence DESC
)
SELECT area, months_after, status, count(*) AS people FROM newest GROUP BY area, months_after, status
UNION ALL
SELECT area, NULL, NULL, count(DISTINCT participant)
FROM leaving JOIN scope USING (activity) WHERE left_on BETWEEN $1 AND $2 GROUP BY area
ORDER BY 1, 2, 3;
