-- Giving up a role is a fact; who is engaged when follows from all of them.
INSERT INTO volunteering (activity, volunteer, role, sequence, is_engaged, changed_on)
SELECT data.activity, data.volunteer, data.role, entry.sequence, false, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, volunteer text, role text, date date)
ON CONFLICT (activity, volunteer, role, sequence) DO NOTHING;
