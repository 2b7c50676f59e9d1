-- Fills in the day on which an activity started.
INSERT INTO activity (activity, started_on)
SELECT DISTINCT ON (data.activity) data.activity, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, date date)
ORDER BY data.activity, entry.sequence DESC
ON CONFLICT (activity) DO UPDATE SET started_on = excluded.started_on;
