-- A plan ends on the latest day that it was ever given; an extension never shortens it.
INSERT INTO plan_end (plan, sequence, end_on)
SELECT data.plan, entry.sequence, data."end"
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, "end" date)
ON CONFLICT (plan, sequence) DO NOTHING;
