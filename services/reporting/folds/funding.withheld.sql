-- That a funder holds back what it owes is a fact; what is withheld when follows from all of them.
INSERT INTO withholding (commitment, sequence, is_withheld, changed_on, reason)
SELECT data.commitment, entry.sequence, true, data.date, data.reason
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(commitment text, date date, reason text)
ON CONFLICT (commitment, sequence) DO NOTHING;
