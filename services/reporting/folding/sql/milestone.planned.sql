-- shared: milestone.planned
-- The latest word on a milestone's title and day counts.
INSERT INTO milestone (plan, milestone, title, due_on, effort_area, sequence)
SELECT DISTINCT ON (event.plan, event.milestone)
       event.plan, event.milestone, event.title, event.due, event.effort_area, event.sequence
FROM json_to_recordset($1)
     AS event(sequence bigint, plan text, milestone text, title text, due date, effort_area text)
ORDER BY event.plan, event.milestone, event.sequence DESC
ON CONFLICT (plan, milestone) DO UPDATE
SET title = excluded.title, due_on = excluded.due_on, effort_area = excluded.effort_area, sequence = excluded.sequence
WHERE coalesce(milestone.sequence, 0) < excluded.sequence;
