-- Fills in what opening knows of a course, whether or not its close was heard of before.
INSERT INTO course (course, activity, start_on, end_on)
SELECT DISTINCT ON (data.course) data.course, data.activity, data.start, data."end"
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(course text, activity text, start date, "end" date)
ORDER BY data.course, entry.sequence DESC
ON CONFLICT (course) DO UPDATE
SET activity = excluded.activity, start_on = excluded.start_on, end_on = excluded.end_on;
