-- A revision is a version of the budget; what it changed, the ledger decided.
INSERT INTO budget_version (plan, sequence, kind, approval_reference, approved_on, changes)
SELECT data.plan, entry.sequence, data.kind, data.approval_reference, left(entry.event ->> 'time', 10)::date,
       coalesce(entry.outcome -> 'changes', '{}')
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb, outcome jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, kind text, approval_reference text)
ON CONFLICT (plan, sequence) DO NOTHING;
