-- Milestones that are to be reached, of all plans. $1 the first day, $2 how many at most.
SELECT plan, milestone, coalesce(title, milestone) AS title, due_on
FROM milestone WHERE reached_on IS NULL AND due_on >= $1
ORDER BY due_on, plan, milestone LIMIT $2;
