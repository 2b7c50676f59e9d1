-- The milestones that matter in some days: reached in them, overdue at their end, or due until a day after it. $1 the
-- first day, $2 the last, $3 until when a milestone to come is told, $4 an area whose plans are meant, or null for all.
SELECT plan.plan, plan.name AS plan_name, milestone.milestone, milestone.title, due_on,
       CASE WHEN reached_on <= $2 THEN reached_on END AS reached_on,
       due_on < $2 AND (reached_on IS NULL OR reached_on > $2) AS is_overdue
FROM milestone JOIN plan USING (plan)
WHERE due_on IS NOT NULL AND ($4::text IS NULL OR plan.areas @> ARRAY[$4])
  AND (reached_on BETWEEN $1 AND $2 OR ((reached_on IS NULL OR reached_on > $2) AND due_on <= $3))
ORDER BY due_on, plan.plan, milestone.milestone;
