-- The latest word on an organisation counts.
INSERT INTO organisation (organisation, name, kind, sequence)
SELECT DISTINCT ON (event.organisation) event.organisation, event.name, event.kind, event.sequence
FROM json_to_recordset($1) AS event(sequence bigint, organisation text, name text, kind text)
ORDER BY event.organisation, event.sequence DESC
ON CONFLICT (organisation) DO UPDATE
SET name = excluded.name, kind = excluded.kind, sequence = excluded.sequence
WHERE organisation.sequence < excluded.sequence;
