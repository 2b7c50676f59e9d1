-- shared: milestone.reached
-- Fills in the day on which a milestone was reached.
INSERT INTO milestone (plan, milestone, reached_on)
SELECT DISTINCT ON (event.plan, event.milestone) event.plan, event.milestone, event.date
FROM json_to_recordset($1) AS event(sequence bigint, plan text, milestone text, date date)
ORDER BY event.plan, event.milestone, event.sequence DESC
ON CONFLICT (plan, milestone) DO UPDATE SET reached_on = excluded.reached_on;
