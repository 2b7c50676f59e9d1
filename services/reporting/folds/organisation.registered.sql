-- The latest word on an organisation counts.
INSERT INTO organisation (organisation, name, kind, sequence)
SELECT DISTINCT ON (data.organisation) data.organisation, data.name, data.kind, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(organisation text, name text, kind text)
ORDER BY data.organisation, entry.sequence DESC
ON CONFLICT (organisation) DO UPDATE
SET name = excluded.name, kind = excluded.kind, sequence = excluded.sequence
WHERE organisation.sequence < excluded.sequence;
