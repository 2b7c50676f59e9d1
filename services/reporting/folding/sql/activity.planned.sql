-- shared: activity.planned
-- Fills in what planning knows of an activity, whether or not its start was heard of before.
INSERT INTO activity (activity, plan, area, name, kind, effort_area, is_fixed, capacity, planned_on, start_on, end_on)
SELECT DISTINCT ON (event.activity) event.activity, event.plan, event.area, event.name, event.kind,
       event.effort_area, coalesce(event.fixed, false), event.capacity,
       (event.stated::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date, event.start, event."end"
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, plan text, area text, name text, kind text, effort_area text,
              fixed boolean, capacity int, start date, "end" date, stated text)
ORDER BY event.activity, event.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET plan = excluded.plan, area = excluded.area, name = excluded.name, kind = excluded.kind,
    effort_area = excluded.effort_area, is_fixed = excluded.is_fixed, capacity = excluded.capacity,
    planned_on = excluded.planned_on, start_on = excluded.start_on, end_on = excluded.end_on;
