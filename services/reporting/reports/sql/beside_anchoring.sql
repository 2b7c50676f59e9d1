-- Who carries activities on after their plans, as promised by a day. $1 the day, $2 an area or null for all.
SELECT activity.activity, activity.name, activity.area, coalesce(organisation.name, anchored_by) AS organisation,
       anchored_from
FROM activity LEFT JOIN organisation ON organisation.organisation = anchored_by
WHERE anchored_on <= $1 AND activity.area IS NOT NULL AND ($2::text IS NULL OR activity.area = $2)
ORDER BY anchored_from, activity.activity;
