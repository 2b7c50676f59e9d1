-- Milestones that were due before a day and are not reached. $1 the day.
SELECT plan, milestone, title, due_on FROM milestone
WHERE due_on < $1 AND (reached_on IS NULL OR reached_on > $1)
ORDER BY due_on, plan, milestone;
