-- The latest word on a goal counts.
INSERT INTO goal (plan, goal, effort_area, title, indicator, baseline, target, measure, sequence)
SELECT DISTINCT ON (event.plan, event.goal) event.plan, event.goal, event.effort_area, event.title, event.indicator,
       event.baseline, event.target, event.measure, event.sequence
FROM json_to_recordset($1)
     AS event(sequence bigint, plan text, goal text, effort_area text, title text, indicator text,
              baseline numeric, target numeric, measure jsonb)
ORDER BY event.plan, event.goal, event.sequence DESC
ON CONFLICT (plan, goal) DO UPDATE
SET effort_area = excluded.effort_area, title = excluded.title, indicator = excluded.indicator,
    baseline = excluded.baseline, target = excluded.target, measure = excluded.measure,
    sequence = excluded.sequence
WHERE goal.sequence < excluded.sequence;
