-- Giving up a role in a plan is a fact; who is partner when follows from all of them.
INSERT INTO partnership (plan, organisation, role, sequence, has_joined, changed_on)
SELECT data.plan, data.organisation, data.role, entry.sequence, false, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, organisation text, role text, date date)
ON CONFLICT (plan, organisation, role, sequence) DO NOTHING;
