-- The latest word on a goal's year counts, whether or not the goal was heard of before.
INSERT INTO assessment (plan, goal, year, attainment, value, comment, sequence)
SELECT DISTINCT ON (data.plan, data.goal, data.year) data.plan, data.goal, data.year, data.attainment, data.value,
       data.comment, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(plan text, goal text, year int, attainment text, value numeric, comment text)
ORDER BY data.plan, data.goal, data.year, entry.sequence DESC
ON CONFLICT (plan, goal, year) DO UPDATE
SET attainment = excluded.attainment, value = excluded.value, comment = excluded.comment, sequence = excluded.sequence
WHERE assessment.sequence < excluded.sequence;
