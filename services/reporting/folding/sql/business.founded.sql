-- Fills in when a micro-business was founded, whether or not its close was heard of before.
INSERT INTO business (business, activity, founded_on)
SELECT DISTINCT ON (event.business) event.business, event.activity, event.date
FROM json_to_recordset($1) AS event(sequence bigint, business text, activity text, date date)
ORDER BY event.business, event.sequence DESC
ON CONFLICT (business) DO UPDATE SET activity = excluded.activity, founded_on = excluded.founded_on;
