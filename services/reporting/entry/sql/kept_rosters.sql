-- What rosters are made from where there is no net: the activities of areas that go on, who was in each since a day and
-- from when to when, what was said of its sessions since then, and which are planned. $1 areas, $2 the day, $3 since
-- when, $4 until when sessions that are planned are told.
SELECT scope.activity, coalesce(scope.name, scope.activity) AS name, scope.area,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(participant, enrolled_on, {{enrolment_ended_on}})
                                  ORDER BY participant, enrolled_on), '[]')
        FROM enrolment LEFT JOIN course USING (course)
        WHERE enrolment.activity = scope.activity AND coalesce({{enrolment_ended_on}} >= $3, true)) AS people,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'session', session, 'date', held_on, 'sequence', sequence, 'is_cancelled', is_cancelled,
                   'participants', participants, 'guests', guests, 'absent', absent, 'headcount', headcount,
                   'hours', nullif(hours, 0)) ORDER BY held_on, session), '[]')
        FROM session WHERE session.activity = scope.activity AND held_on >= $3) AS sessions,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('session', session, 'date', planned_on, 'start', starts_at,
                                                     'hours', hours)
                                  ORDER BY planned_on, starts_at NULLS LAST, session), '[]')
        FROM planned_session WHERE planned_session.activity = scope.activity AND planned_on BETWEEN $3 AND $4) AS planned
FROM activity AS scope
WHERE scope.area = ANY ($1) AND scope.started_on <= $2 AND (scope.ended_on IS NULL OR scope.ended_on >= $3)
ORDER BY name, scope.activity
LIMIT 500;
