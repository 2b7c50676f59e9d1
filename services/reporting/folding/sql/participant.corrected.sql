-- What was said of a participant in the activities that the registry names counts as if this had been said.
UPDATE enrolment SET age_band = coalesce(event.age_band, enrolment.age_band),
    gender = coalesce(event.gender, enrolment.gender)
FROM json_to_recordset($1) AS event(sequence bigint, participant text, age_band text, gender text, outcome jsonb),
     jsonb_to_record(event.outcome) AS outcome(activities text[])
WHERE enrolment.participant = event.participant AND enrolment.activity = ANY (outcome.activities)
  AND enrolment.sequence < event.sequence;
