-- Fills in when a micro-business was founded, whether or not its close was heard of before.
INSERT INTO business (business, activity, founded_on)
SELECT DISTINCT ON (data.business) data.business, data.activity, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(business text, activity text, date date)
ORDER BY data.business, entry.sequence DESC
ON CONFLICT (business) DO UPDATE SET activity = excluded.activity, founded_on = excluded.founded_on;
