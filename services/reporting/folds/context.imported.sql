-- The latest word on an indicator of an area on a day counts.
INSERT INTO context (area, indicator, measured_on, value, source, sequence)
SELECT DISTINCT ON (data.area, data.indicator, data.date)
       data.area, data.indicator, data.date, data.value, data.source, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(area text, indicator text, date date, value numeric, source text)
ORDER BY data.area, data.indicator, data.date, entry.sequence DESC
ON CONFLICT (area, indicator, measured_on) DO UPDATE
SET value = excluded.value, source = excluded.source, sequence = excluded.sequence
WHERE context.sequence < excluded.sequence;
