-- The word on a session with the highest sequence counts: that it was held, or that it was cancelled. What it replaces
-- is folded out of the rollups, exactly. Who was erased from a list is in its total still, where the outcome says so.
-- Guests are in the total of a session, and in nobody's presence.
WITH posted AS (
    SELECT DISTINCT ON (event.activity, event.session)
           event.sequence, event.activity, event.session, event.date AS held_on,
           event.type = 'dk.helhedsnet.session.cancelled.v1' AS is_cancelled,
           coalesce(cardinality(event.participants) + coalesce((event.outcome ->> 'unnamed')::int, 0) +
                    coalesce(event.guests, 0), event.headcount, 0) AS attendances,
           coalesce(event.hours, 0) AS hours, coalesce(event.participants, '{}') AS participants,
           coalesce(event.guests, 0) AS guests, coalesce(event.absent, '[]') AS absent, event.headcount, event.reason
    FROM json_to_recordset($1)
         AS event(sequence bigint, activity text, session text, date date, participants text[], headcount int,
                  guests int, absent jsonb, hours numeric, type text, outcome jsonb, reason text)
    ORDER BY event.activity, event.session, event.sequence DESC
), newer AS (
    SELECT posted.*, known AS replaced
    FROM posted LEFT JOIN session AS known USING (activity, session)
    WHERE known.sequence IS NULL OR known.sequence < posted.sequence
), added AS (
    INSERT INTO session (activity, session, sequence, held_on, is_cancelled, attendances, hours, participants, guests, absent,
                         headcount, reason)
    SELECT activity, session, sequence, held_on, is_cancelled, attendances, hours, participants, guests, absent,
           headcount, reason
    FROM newer WHERE (replaced).sequence IS NULL
), corrected AS (
    UPDATE session
    SET sequence = newer.sequence, held_on = newer.held_on, is_cancelled = newer.is_cancelled,
        attendances = newer.attendances, hours = newer.hours, participants = newer.participants,
        guests = newer.guests, absent = newer.absent, headcount = newer.headcount, reason = newer.reason
    FROM newer
    WHERE (replaced).sequence IS NOT NULL AND session.activity = newer.activity AND session.session = newer.session
), change AS (
    SELECT activity, held_on AS day, date_trunc('month', held_on)::date AS month, is_cancelled, attendances, hours,
           participants, 1 AS sign
    FROM newer
    UNION ALL
    SELECT activity, (replaced).held_on, date_trunc('month', (replaced).held_on)::date, (replaced).is_cancelled,
           (replaced).attendances, (replaced).hours, (replaced).participants, -1
    FROM newer WHERE (replaced).sequence IS NOT NULL
), by_day AS (
    SELECT activity, day, month, coalesce(sum(sign) FILTER (WHERE NOT is_cancelled), 0) AS sessions,
           coalesce(sum(sign) FILTER (WHERE is_cancelled), 0) AS cancelled_sessions,
           sum(sign * attendances) AS attendances, sum(sign * attendances * hours) AS participant_hours
    FROM change GROUP BY activity, day, month
), rolled_by_day AS (
    INSERT INTO activity_day (
        activity, day, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    )
    SELECT activity, day, sessions, cancelled_sessions, attendances, participant_hours, 0 FROM by_day
    ON CONFLICT (activity, day) DO UPDATE
    SET sessions = activity_day.sessions + excluded.sessions,
        cancelled_sessions = activity_day.cancelled_sessions + excluded.cancelled_sessions,
        attendances = activity_day.attendances + excluded.attendances,
        participant_hours = activity_day.participant_hours + excluded.participant_hours
), rolled AS (
    INSERT INTO activity_month (
        activity, month, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    )
    SELECT activity, month, sum(sessions), sum(cancelled_sessions), sum(attendances), sum(participant_hours), 0
    FROM by_day GROUP BY activity, month
    ON CONFLICT (activity, month) DO UPDATE
    SET sessions = activity_month.sessions + excluded.sessions,
        cancelled_sessions = activity_month.cancelled_sessions + excluded.cancelled_sessions,
        attendances = activity_month.attendances + excluded.attendances,
        participant_hours = activity_month.participant_hours + excluded.participant_hours
), came AS (
    SELECT change.activity, came.participant, change.month, sum(change.sign) AS sessions
    FROM change, unnest(change.participants) AS came(participant)
    GROUP BY change.activity, came.participant, change.month
    HAVING sum(change.sign) <> 0
)
INSERT INTO presence (activity, participant, month, sessions)
SELECT activity, participant, month, sessions FROM came
ON CONFLICT (activity, participant, month) DO UPDATE SET sessions = presence.sessions + excluded.sessions;
