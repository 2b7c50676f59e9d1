-- What runs on a day in plans that end until another, and who carries it on. $1 the day, $2 the other.
SELECT activity.plan, activity.activity, activity.area, coalesce(organisation.name, anchored_by) AS organisation,
       anchored_from
FROM activity JOIN plan USING (plan) LEFT JOIN organisation ON organisation.organisation = anchored_by
WHERE plan.end_on BETWEEN $1 AND $2 AND started_on <= $1 AND (ended_on IS NULL OR ended_on > $1)
  AND activity.area IS NOT NULL
ORDER BY activity.plan, activity.activity;
