-- The latest word on an area counts.
INSERT INTO area (area, name, municipality, sequence)
SELECT DISTINCT ON (event.area) event.area, event.name, event.municipality, event.sequence
FROM json_to_recordset($1) AS event(sequence bigint, area text, name text, municipality text)
ORDER BY event.area, event.sequence DESC
ON CONFLICT (area) DO UPDATE
SET name = excluded.name, municipality = excluded.municipality, sequence = excluded.sequence
WHERE area.sequence < excluded.sequence;
