-- The latest word on a milestone's title and day counts.
INSERT INTO milestone (plan, milestone, title, due_on, effort_area, sequence)
SELECT DISTINCT ON (data.plan, data.milestone)
       data.plan, data.milestone, data.title, data.due, data.effort_area, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(plan text, milestone text, title text, due date, effort_area text)
ORDER BY data.plan, data.milestone, entry.sequence DESC
ON CONFLICT (plan, milestone) DO UPDATE
SET title = excluded.title, due_on = excluded.due_on, effort_area = excluded.effort_area, sequence = excluded.sequence
WHERE coalesce(milestone.sequence, 0) < excluded.sequence;
