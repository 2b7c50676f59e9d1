-- What each activity is part of.
SELECT activity, area, pool, effort_area, plan, activity.kind
FROM activity JOIN plan USING (plan) ORDER BY activity;
