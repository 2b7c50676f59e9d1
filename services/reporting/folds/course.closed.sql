-- Fills in the day on which a course was closed.
INSERT INTO course (course, closed_on)
SELECT DISTINCT ON (data.course) data.course, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(course text, date date)
ORDER BY data.course, entry.sequence DESC
ON CONFLICT (course) DO UPDATE SET closed_on = excluded.closed_on;
