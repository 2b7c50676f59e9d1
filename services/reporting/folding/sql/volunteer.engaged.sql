-- Taking a role is a fact; who is engaged when follows from all of them.
INSERT INTO volunteering (activity, volunteer, role, sequence, is_engaged, changed_on)
SELECT event.activity, event.volunteer, event.role, event.sequence, true, event.date
FROM json_to_recordset($1) AS event(sequence bigint, activity text, volunteer text, role text, date date)
ON CONFLICT (activity, volunteer, role, sequence) DO NOTHING;
