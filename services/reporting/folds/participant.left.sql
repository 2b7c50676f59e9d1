-- Leaving an activity ends every enrolment in it that was logged before.
INSERT INTO leaving (activity, participant, sequence, left_on, reason)
SELECT data.activity, data.participant, entry.sequence, data.date, data.reason
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, participant text, date date, reason text)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
