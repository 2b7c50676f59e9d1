-- Activities under way that have micro-businesses, or have or had a mentor company, with both on a day. $1 the day.
WITH scope AS (
    SELECT activity, area, plan, effort_area, ended_on FROM activity
    WHERE plan IS NOT NULL AND started_on <= $1 AND (ended_on IS NULL OR ended_on > $1)
), mentor AS (
    SELECT scope.activity, coalesce(organisation.name, engaged.organisation) AS name, engaged.changed_on AS engaged_on,
           {{mentoring_ended_on}} AS ended_on
    FROM mentoring AS engaged JOIN scope USING (activity)
         LEFT JOIN organisation ON organisation.organisation = engaged.organisation
    WHERE engaged.is_engaged AND engaged.changed_on <= $1
), mentors AS (
    SELECT activity, array_agg(DISTINCT name ORDER BY name) FILTER (WHERE ended_on IS NULL OR ended_on > $1) AS names,
           max(ended_on) FILTER (WHERE ended_on <= $1) AS last_left_on
    FROM mentor GROUP BY activity
), businesses AS (
    SELECT activity, count(*)::int AS businesses FROM business
    WHERE founded_on <= $1 AND (closed_on IS NULL OR closed_on > $1) GROUP BY activity
)
SELECT scope.activity, scope.area, scope.plan, scope.effort_area, coalesce(businesses.businesses, 0) AS businesses,
       coalesce(mentors.names, '{}') AS mentors, mentors.last_left_on
FROM scope LEFT JOIN mentors USING (activity) LEFT JOIN businesses USING (activity)
WHERE mentors.activity IS NOT NULL OR businesses.activity IS NOT NULL
ORDER BY scope.area, scope.activity;
