-- Who helped in which activity, from when to when. $1 areas, $2 the release's last day.
WITH scope AS (
    SELECT activity.activity, activity.area, activity.ended_on
    FROM activity JOIN plan USING (plan) WHERE area = ANY ($1) AND started_on <= $2
), engaged AS (
    SELECT scope.area, scope.activity, taken.volunteer, taken.changed_on AS engaged_on, taken.sequence,
           {{volunteering_ended_on}} AS left_on
    FROM volunteering AS taken JOIN scope USING (activity) WHERE taken.is_engaged AND taken.changed_on <= $2
)
SELECT area, activity, volunteer, engaged_on, left_on
FROM engaged WHERE coalesce(left_on, 'infinity') >= engaged_on
ORDER BY area, engaged_on, activity, volunteer, sequence;
