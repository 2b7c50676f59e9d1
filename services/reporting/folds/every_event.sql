-- What every event tells, whatever it is: how fresh the report is, and when each area last said anything.
WITH said AS (
    SELECT entry.recorded, data.source, data."time"
    FROM jsonb_to_recordset($1) AS entry(recorded timestamptz, event jsonb),
         jsonb_to_record(entry.event) AS data(source text, "time" timestamptz)
), fresh AS (
    INSERT INTO freshness (owner, recorded)
    SELECT $2, max(recorded) FROM said HAVING count(*) > 0
    ON CONFLICT (owner) DO UPDATE SET recorded = greatest(freshness.recorded, excluded.recorded)
)
INSERT INTO last_event (area, stated)
SELECT substr(source, length('/areas/') + 1), max("time") FROM said
WHERE source LIKE '/areas/%' GROUP BY source ORDER BY source
ON CONFLICT (area) DO UPDATE SET stated = greatest(last_event.stated, excluded.stated);
