-- Each enrolment is a fact of its own: somebody may be in several courses of an activity, and come back after leaving.
INSERT INTO enrolment (activity, participant, sequence, course, enrolled_on, age_band, gender)
SELECT event.activity, event.participant, event.sequence, event.course, event.date, event.age_band, event.gender
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, participant text, course text, date date, age_band text, gender text)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
