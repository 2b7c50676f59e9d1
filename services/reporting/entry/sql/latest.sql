-- What areas registered last, the newest first: the event, what it is of, and who sent it. What was
-- erased since is none of it. $1 areas, $2 how many.
SELECT latest.name AS event, latest.area, latest.activity, activity.name AS activity_name, latest.session,
       coalesce(session.held_on, latest.fact_on) AS day, session.sequence AS last_said, latest.sequence,
       coalesce(session.is_cancelled, false) AS is_cancelled, session.attendances, recorded, authtype, authid
FROM latest_registration AS latest
LEFT JOIN activity USING (activity)
LEFT JOIN session ON session.activity = latest.activity AND session.session = latest.session
WHERE latest.area = ANY ($1) AND latest.name <> 'event.erased'
ORDER BY recorded DESC, owner, latest.sequence DESC
LIMIT $2;
