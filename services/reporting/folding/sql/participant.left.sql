-- Leaving an activity ends every enrolment in it that was logged before.
INSERT INTO leaving (activity, participant, sequence, left_on, reason)
SELECT event.activity, event.participant, event.sequence, event.date, event.reason
FROM json_to_recordset($1) AS event(sequence bigint, activity text, participant text, date date, reason text)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
