-- The latest word on an indicator of an area on a day counts.
INSERT INTO context (area, indicator, measured_on, value, source, sequence)
SELECT DISTINCT ON (event.area, event.indicator, event.date)
       event.area, event.indicator, event.date, event.value, event.source, event.sequence
FROM json_to_recordset($1)
     AS event(sequence bigint, area text, indicator text, date date, value numeric, source text)
ORDER BY event.area, event.indicator, event.date, event.sequence DESC
ON CONFLICT (area, indicator, measured_on) DO UPDATE
SET value = excluded.value, source = excluded.source, sequence = excluded.sequence
WHERE context.sequence < excluded.sequence;
