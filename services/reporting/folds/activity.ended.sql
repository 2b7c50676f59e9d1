-- Fills in the day on which an activity ended.
INSERT INTO activity (activity, ended_on)
SELECT data.activity, data.date
FROM jsonb_to_recordset($1) AS entry(event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, date date)
ON CONFLICT (activity) DO UPDATE SET ended_on = excluded.ended_on;
