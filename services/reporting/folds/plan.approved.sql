-- A plan is approved once.
INSERT INTO plan (plan, name, pool, areas, start_on, end_on)
SELECT event.plan, event.name, event.pool, event.areas, event.start, event."end"
FROM json_to_recordset($1) AS event(plan text, name text, pool text, areas text[], start date, "end" date)
ON CONFLICT (plan) DO NOTHING;
