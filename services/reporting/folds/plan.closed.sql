-- A plan is closed once.
INSERT INTO plan_close (plan, closed_on)
SELECT data.plan, data.date
FROM jsonb_to_recordset($1) AS entry(event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, date date)
ON CONFLICT (plan) DO NOTHING;
