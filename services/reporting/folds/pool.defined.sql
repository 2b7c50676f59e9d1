-- The latest word on a pool counts, its crosswalk included, and the latest on each of its effort areas.
WITH pool AS (
    INSERT INTO pool (pool, start_on, end_on, crosswalk, sequence)
    SELECT DISTINCT ON (data.pool) data.pool, data.start, data."end", coalesce(data.crosswalk, '[]'), entry.sequence
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
         jsonb_to_record(entry.event -> 'data') AS data(pool text, start date, "end" date, crosswalk jsonb)
    ORDER BY data.pool, entry.sequence DESC
    ON CONFLICT (pool) DO UPDATE
    SET start_on = excluded.start_on, end_on = excluded.end_on, crosswalk = excluded.crosswalk,
        sequence = excluded.sequence
    WHERE pool.sequence < excluded.sequence
)
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
