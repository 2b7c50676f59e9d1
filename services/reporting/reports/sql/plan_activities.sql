-- The activities of a plan, with who carries each on. $1 the plan.
SELECT activity, activity.name, area, activity.kind, effort_area, is_fixed, capacity, planned_on, start_on, end_on,
       started_on, ended_on, anchored_on, anchored_by, organisation.name AS anchored_by_name, anchored_from, anchored_note
FROM activity LEFT JOIN organisation ON organisation.organisation = anchored_by
WHERE plan = $1 ORDER BY start_on, activity;
