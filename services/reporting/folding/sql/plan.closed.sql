-- shared: plan.closed
-- A plan is closed once.
INSERT INTO plan_close (plan, closed_on)
SELECT event.plan, event.date
FROM json_to_recordset($1) AS event(plan text, date date)
ON CONFLICT (plan) DO NOTHING;
