-- What every event tells, whatever it is: how fresh the report is, and when each area last said anything.
WITH said AS (
    SELECT entry.recorded, told.source, told."time",
           coalesce(told.data ->> 'date', told.data ->> 'incurred_on')::date AS fact_on
    FROM jsonb_to_recordset($1) AS entry(recorded timestamptz, event jsonb),
         jsonb_to_record(entry.event) AS told(source text, "time" timestamptz, data jsonb)
), fresh AS (
    INSERT INTO freshness (owner, recorded, last_fact_on)
    SELECT $2, max(recorded), max(fact_on) FROM said HAVING count(*) > 0
    ON CONFLICT (owner) DO UPDATE
    SET recorded = greatest(freshness.recorded, excluded.recorded),
        last_fact_on = greatest(freshness.last_fact_on, excluded.last_fact_on)
)
INSERT INTO last_event (area, stated)
SELECT substr(source, length('/areas/') + 1), max("time") FROM said
WHERE source LIKE '/areas/%' GROUP BY source ORDER BY source
ON CONFLICT (area) DO UPDATE SET stated = greatest(last_event.stated, excluded.stated);
