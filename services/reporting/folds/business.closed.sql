-- Fills in the day on which a micro-business was closed.
INSERT INTO business (business, closed_on)
SELECT DISTINCT ON (data.business) data.business, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(business text, date date)
ORDER BY data.business, entry.sequence DESC
ON CONFLICT (business) DO UPDATE SET closed_on = excluded.closed_on;
