-- Fills in what planning knows of an activity, whether or not its start was heard of before.
INSERT INTO activity (activity, plan, area, name, kind, effort_area, is_fixed, capacity, planned_on, start_on, end_on)
SELECT DISTINCT ON (data.activity) data.activity, data.plan, data.area, data.name, data.kind,
       data.effort_area, coalesce(data.fixed, false), data.capacity,
       ((entry.event ->> 'time')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date, data.start, data."end"
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(activity text, plan text, area text, name text, kind text, effort_area text,
             fixed boolean, capacity int, start date, "end" date)
ORDER BY data.activity, entry.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET plan = excluded.plan, area = excluded.area, name = excluded.name, kind = excluded.kind,
    effort_area = excluded.effort_area, is_fixed = excluded.is_fixed, capacity = excluded.capacity,
    planned_on = excluded.planned_on, start_on = excluded.start_on, end_on = excluded.end_on;
