-- Where a former participant stands is a fact.
INSERT INTO followup (activity, participant, sequence, followed_on, months_after, status)
SELECT event.activity, event.participant, event.sequence, event.date, event.months_after, event.status
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, participant text, date date, months_after int, status text)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
