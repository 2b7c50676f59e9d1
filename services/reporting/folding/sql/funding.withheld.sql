-- That a funder holds back what it owes is a fact; what is withheld when follows from all of them.
INSERT INTO withholding (commitment, sequence, is_withheld, changed_on, reason)
SELECT event.commitment, event.sequence, true, event.date, event.reason
FROM json_to_recordset($1) AS event(sequence bigint, commitment text, date date, reason text)
ON CONFLICT (commitment, sequence) DO NOTHING;
