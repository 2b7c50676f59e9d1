-- The activities of areas that have started and not ended, with how many are enrolled and the last session held.
-- $1 areas, $2 the day.
SELECT scope.activity, coalesce(scope.name, scope.activity) AS name, scope.area,
       (SELECT count(DISTINCT participant) FROM enrolment LEFT JOIN course USING (course)
        WHERE enrolment.activity = scope.activity AND enrolled_on <= $2
          AND coalesce({{enrolment_ended_on}} >= $2, true))::int AS enrolled,
       (SELECT max(held_on) FROM session WHERE session.activity = scope.activity AND NOT is_cancelled) AS last_held_on
FROM activity AS scope
WHERE scope.area = ANY ($1) AND scope.started_on <= $2 AND (scope.ended_on IS NULL OR scope.ended_on >= $2)
ORDER BY name, scope.activity
LIMIT 500;
