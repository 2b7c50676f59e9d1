-- The latest word on a goal counts.
INSERT INTO goal (plan, goal, effort_area, title, indicator, baseline, target, sequence)
SELECT DISTINCT ON (data.plan, data.goal) data.plan, data.goal, data.effort_area, data.title, data.indicator,
       data.baseline, data.target, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(plan text, goal text, effort_area text, title text, indicator text, baseline numeric, target numeric)
ORDER BY data.plan, data.goal, entry.sequence DESC
ON CONFLICT (plan, goal) DO UPDATE
SET effort_area = excluded.effort_area, title = excluded.title, indicator = excluded.indicator,
    baseline = excluded.baseline, target = excluded.target, sequence = excluded.sequence
WHERE goal.sequence < excluded.sequence;
