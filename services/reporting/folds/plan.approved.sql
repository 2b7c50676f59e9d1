-- A plan is approved once.
INSERT INTO plan (plan, name, pool, areas, start_on, end_on)
SELECT data.plan, data.name, data.pool, data.areas, data.start, data."end"
FROM jsonb_to_recordset($1) AS entry(event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(plan text, name text, pool text, areas text[], start date, "end" date)
ON CONFLICT (plan) DO NOTHING;
