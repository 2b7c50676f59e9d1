-- Of each plan at the end of a day: milestones by where they stand, and activities that somebody carries on. $1 the day.
WITH its_milestones AS (
    SELECT plan,
           count(*) FILTER (WHERE due_on IS NOT NULL) AS planned,
           count(*) FILTER (WHERE reached_on <= $1) AS reached,
           count(*) FILTER (WHERE due_on < $1 AND (reached_on IS NULL OR reached_on > $1)) AS overdue
    FROM milestone GROUP BY plan
), its_activities AS (
    SELECT plan, count(*) AS anchored FROM activity WHERE anchored_on <= $1 GROUP BY plan
)
SELECT plan, coalesce(planned, 0) AS planned, coalesce(reached, 0) AS reached, coalesce(overdue, 0) AS overdue,
       coalesce(anchored, 0) AS anchored
FROM plan LEFT JOIN its_milestones USING (plan) LEFT JOIN its_activities USING (plan) ORDER BY plan;
