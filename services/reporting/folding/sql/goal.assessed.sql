-- The latest word on a goal's year counts, whether or not the goal was heard of before.
INSERT INTO assessment (plan, goal, year, attainment, value, comment, sequence)
SELECT DISTINCT ON (event.plan, event.goal, event.year) event.plan, event.goal, event.year, event.attainment,
       event.value, event.comment, event.sequence
FROM json_to_recordset($1)
     AS event(sequence bigint, plan text, goal text, year int, attainment text, value numeric, comment text)
ORDER BY event.plan, event.goal, event.year, event.sequence DESC
ON CONFLICT (plan, goal, year) DO UPDATE
SET attainment = excluded.attainment, value = excluded.value, comment = excluded.comment, sequence = excluded.sequence
WHERE assessment.sequence < excluded.sequence;
