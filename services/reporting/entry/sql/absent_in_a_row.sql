-- Who is enrolled in an activity that goes on and was said to be absent at each of the last sessions in which they were
-- named at all, as present or as absent. $1 areas, $2 how many times in a row.
WITH named AS (
    SELECT session.activity, came.participant, held_on, session, false AS is_absent
    FROM session JOIN activity USING (activity), unnest(participants) AS came(participant)
    WHERE activity.area = ANY ($1) AND activity.ended_on IS NULL AND NOT is_cancelled
    UNION ALL
    SELECT session.activity, absence ->> 'participant', held_on, session, true
    FROM session JOIN activity USING (activity), jsonb_array_elements(absent) AS absence
    WHERE activity.area = ANY ($1) AND activity.ended_on IS NULL AND NOT is_cancelled
), latest AS (
    SELECT *, row_number() OVER (PARTITION BY activity, participant ORDER BY held_on DESC, session DESC) AS place
    FROM named
)
SELECT latest.activity, coalesce(max(activity.name), latest.activity) AS name, latest.participant,
       min(held_on) AS since
FROM latest JOIN activity USING (activity)
WHERE place <= $2 AND EXISTS (
    SELECT FROM enrolment JOIN activity AS scope USING (activity) LEFT JOIN course USING (course)
    WHERE enrolment.activity = latest.activity AND enrolment.participant = latest.participant
      AND {{enrolment_ended_on}} IS NULL
)
GROUP BY latest.activity, latest.participant
HAVING count(*) = $2 AND bool_and(is_absent)
ORDER BY since, name, latest.participant
LIMIT 200;
