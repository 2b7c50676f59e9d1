-- The activities of some areas that had started, and while they ran. $1 areas, $2 the release's last day.
SELECT area, activity, pool, effort_area, plan, activity.kind, started_on, ended_on
FROM activity JOIN plan USING (plan) WHERE area = ANY ($1) AND started_on <= $2
ORDER BY area, activity;
