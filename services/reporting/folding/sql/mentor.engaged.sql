-- Becoming a mentor is a fact; who is mentor when follows from all of them.
INSERT INTO mentoring (activity, organisation, sequence, is_engaged, changed_on)
SELECT event.activity, event.organisation, event.sequence, true, event.date
FROM json_to_recordset($1) AS event(sequence bigint, activity text, organisation text, date date)
ON CONFLICT (activity, organisation, sequence) DO NOTHING;
