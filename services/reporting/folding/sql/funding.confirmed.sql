-- That the network stands by a commitment is a fact, whether it is heard of before or after the commitment.
INSERT INTO confirmation (commitment, confirmed_on, reference)
SELECT DISTINCT ON (event.commitment) event.commitment, event.date, event.reference
FROM json_to_recordset($1) AS event(sequence bigint, commitment text, date date, reference text)
ORDER BY event.commitment, event.sequence
ON CONFLICT (commitment) DO NOTHING;
