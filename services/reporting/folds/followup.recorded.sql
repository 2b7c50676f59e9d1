-- Where a former participant stands is a fact.
INSERT INTO followup (activity, participant, sequence, followed_on, months_after, status)
SELECT data.activity, data.participant, entry.sequence, data.date, data.months_after, data.status
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(activity text, participant text, date date, months_after int, status text)
ON CONFLICT (activity, participant, sequence) DO NOTHING;
