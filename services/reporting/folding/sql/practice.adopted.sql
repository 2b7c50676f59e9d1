-- shared: practice.adopted
-- Who took what home is a fact.
INSERT INTO adoption (activity, source_activity, adopted_on)
SELECT event.activity, event.source_activity,
       min((event.stated::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date)
FROM json_to_recordset($1) AS event(activity text, source_activity text, stated text)
GROUP BY event.activity, event.source_activity
ON CONFLICT (activity, source_activity) DO UPDATE SET adopted_on = least(adoption.adopted_on, excluded.adopted_on);
