-- A revision is a version of the budget; what it changed, the ledger decided.
INSERT INTO budget_version (plan, sequence, kind, approval_reference, approved_on, changes)
SELECT event.plan, event.sequence, event.kind, event.approval_reference, left(event.stated, 10)::date,
       coalesce(event.outcome -> 'changes', '{}')
FROM json_to_recordset($1)
     AS event(sequence bigint, plan text, kind text, approval_reference text, stated text, outcome jsonb)
ON CONFLICT (plan, sequence) DO NOTHING;
