-- Giving up a role in a plan is a fact; who is partner when follows from all of them.
INSERT INTO partnership (plan, organisation, role, sequence, has_joined, changed_on)
SELECT event.plan, event.organisation, event.role, event.sequence, false, event.date
FROM json_to_recordset($1) AS event(sequence bigint, plan text, organisation text, role text, date date)
ON CONFLICT (plan, organisation, role, sequence) DO NOTHING;
