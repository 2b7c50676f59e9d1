-- shared: plan.extended
-- A plan ends on the latest day that it was ever given; an extension never shortens it.
INSERT INTO plan_end (plan, sequence, end_on)
SELECT event.plan, event.sequence, event."end"
FROM json_to_recordset($1) AS event(sequence bigint, plan text, "end" date)
ON CONFLICT (plan, sequence) DO NOTHING;
