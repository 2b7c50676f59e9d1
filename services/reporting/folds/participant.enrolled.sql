-- Each enrolment is a fact of its own: somebody may be in several courses of an activity, and come back after leaving.
INSERT INTO enrolment (activity, participant, sequence, course, enrolled_on)
SELECT data.activity, data.participant, entry.sequence, data.course, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, participant text, course text, date date)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
