-- Fills in the day on which a micro-business was closed.
INSERT INTO business (business, closed_on)
SELECT DISTINCT ON (event.business) event.business, event.date
FROM json_to_recordset($1) AS event(sequence bigint, business text, date date)
ORDER BY event.business, event.sequence DESC
ON CONFLICT (business) DO UPDATE SET closed_on = excluded.closed_on;
