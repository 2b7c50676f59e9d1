-- Who took what home is a fact.
INSERT INTO adoption (activity, source_activity, adopted_on)
SELECT data.activity, data.source_activity,
       min(((entry.event ->> 'time')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date)
FROM jsonb_to_recordset($1) AS entry(event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, source_activity text)
GROUP BY data.activity, data.source_activity
ON CONFLICT (activity, source_activity) DO UPDATE SET adopted_on = least(adoption.adopted_on, excluded.adopted_on);
