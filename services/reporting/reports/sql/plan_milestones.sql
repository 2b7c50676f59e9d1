-- The milestones of a plan as they stand at the end of a day. $1 the plan, $2 the day.
SELECT milestone, title, effort_area, due_on, CASE WHEN reached_on <= $2 THEN reached_on END AS reached_on,
       due_on < $2 AND (reached_on IS NULL OR reached_on > $2) AS is_overdue
FROM milestone WHERE plan = $1 AND due_on IS NOT NULL ORDER BY due_on, milestone;
