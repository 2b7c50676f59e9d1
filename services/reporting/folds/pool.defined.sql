-- The latest word on a pool's effort area counts.
INSERT INTO effort_area (pool, effort_area, place, name, sequence)
SELECT DISTINCT ON (data.pool, item.value ->> 'effort_area')
       data.pool, item.value ->> 'effort_area', item.place, item.value ->> 'name', entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(pool text, effort_areas jsonb),
     jsonb_array_elements(data.effort_areas) WITH ORDINALITY AS item(value, place)
ORDER BY data.pool, item.value ->> 'effort_area', entry.sequence DESC
ON CONFLICT (pool, effort_area) DO UPDATE
SET place = excluded.place, name = excluded.name, sequence = excluded.sequence
WHERE effort_area.sequence < excluded.sequence;
