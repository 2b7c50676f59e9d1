-- The latest word on an area counts.
INSERT INTO area (area, name, municipality, sequence)
SELECT DISTINCT ON (data.area) data.area, data.name, data.municipality, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(area text, name text, municipality text)
ORDER BY data.area, entry.sequence DESC
ON CONFLICT (area) DO UPDATE
SET name = excluded.name, municipality = excluded.municipality, sequence = excluded.sequence
WHERE area.sequence < excluded.sequence;
