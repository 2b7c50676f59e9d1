-- Fills in what opening knows of a course, whether or not its close was heard of before.
INSERT INTO course (course, activity, start_on, end_on)
SELECT DISTINCT ON (event.course) event.course, event.activity, event.start, event."end"
FROM json_to_recordset($1) AS event(sequence bigint, course text, activity text, start date, "end" date)
ORDER BY event.course, event.sequence DESC
ON CONFLICT (course) DO UPDATE
SET activity = excluded.activity, start_on = excluded.start_on, end_on = excluded.end_on;
