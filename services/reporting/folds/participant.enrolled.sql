-- Somebody enrolled in several courses of an activity is in it once, from the first day on.
INSERT INTO enrolment (activity, participant, enrolled_on)
SELECT data.activity, data.participant, min(data.date)
FROM jsonb_to_recordset($1) AS entry(event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, participant text, date date)
GROUP BY data.activity, data.participant
ON CONFLICT (activity, participant) DO UPDATE
SET enrolled_on = least(enrolment.enrolled_on, excluded.enrolled_on);
