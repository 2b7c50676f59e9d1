-- Fills in the day on which a course was closed.
INSERT INTO course (course, closed_on)
SELECT DISTINCT ON (event.course) event.course, event.date
FROM json_to_recordset($1) AS event(sequence bigint, course text, date date)
ORDER BY event.course, event.sequence DESC
ON CONFLICT (course) DO UPDATE SET closed_on = excluded.closed_on;
