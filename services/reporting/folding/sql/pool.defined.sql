-- The latest word on a pool counts, its crosswalk included, and the latest on each of its effort areas.
WITH pool AS (
    INSERT INTO pool (pool, start_on, end_on, crosswalk, sequence)
    SELECT DISTINCT ON (event.pool) event.pool, event.start, event."end", coalesce(event.crosswalk, '[]'),
           event.sequence
    FROM json_to_recordset($1) AS event(sequence bigint, pool text, start date, "end" date, crosswalk jsonb)
    ORDER BY event.pool, event.sequence DESC
    ON CONFLICT (pool) DO UPDATE
    SET start_on = excluded.start_on, end_on = excluded.end_on, crosswalk = excluded.crosswalk,
        sequence = excluded.sequence
    WHERE pool.sequence < excluded.sequence
)
INSERT INTO effort_area (pool, effort_area, place, name, sequence)
SELECT DISTINCT ON (event.pool, item.value ->> 'effort_area')
       event.pool, item.value ->> 'effort_area', item.place, item.value ->> 'name', event.sequence
FROM json_to_recordset($1) AS event(sequence bigint, pool text, effort_areas jsonb),
     jsonb_array_elements(event.effort_areas) WITH ORDINALITY AS item(value, place)
ORDER BY event.pool, item.value ->> 'effort_area', event.sequence DESC
ON CONFLICT (pool, effort_area) DO UPDATE
SET place = excluded.place, name = excluded.name, sequence = excluded.sequence
WHERE effort_area.sequence < excluded.sequence;
