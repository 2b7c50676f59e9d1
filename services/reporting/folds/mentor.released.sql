-- No longer being a mentor is a fact; who is mentor when follows from all of them.
INSERT INTO mentoring (activity, organisation, sequence, is_engaged, changed_on)
SELECT data.activity, data.organisation, entry.sequence, false, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, organisation text, date date)
ON CONFLICT (activity, organisation, sequence) DO NOTHING;
