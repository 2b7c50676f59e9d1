-- What every event tells, whatever it is: how fresh the report is, and when each area last said anything.
-- $1 the owner, $2 when they were recorded, $3 the days that they concern, $4 and $5 who said something, and when.
WITH fresh AS (
    INSERT INTO freshness (owner, recorded, last_fact_on)
    SELECT $1, (SELECT max(recorded::timestamptz) FROM unnest($2::text[]) AS entry(recorded)),
           (SELECT max(fact_on::date) FROM unnest($3::text[]) AS entry(fact_on))
    ON CONFLICT (owner) DO UPDATE
    SET recorded = greatest(freshness.recorded, excluded.recorded),
        last_fact_on = greatest(freshness.last_fact_on, excluded.last_fact_on)
)
INSERT INTO last_event (area, stated)
SELECT substr(source, length('/areas/') + 1), max("time"::timestamptz)
FROM unnest($4::text[], $5::text[]) AS said(source, "time")
WHERE source LIKE '/areas/%' GROUP BY source ORDER BY source
ON CONFLICT (area) DO UPDATE SET stated = greatest(last_event.stated, excluded.stated);
