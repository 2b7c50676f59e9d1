-- The latest word on a year's statement counts.
INSERT INTO statement (plan, year, state, sequence)
SELECT DISTINCT ON (data.plan, data.year) data.plan, data.year, 'submitted', entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, year int)
ORDER BY data.plan, data.year, entry.sequence DESC
ON CONFLICT (plan, year) DO UPDATE SET state = excluded.state, sequence = excluded.sequence
WHERE statement.sequence < excluded.sequence;
