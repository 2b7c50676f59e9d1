-- The word on a session with the highest sequence counts: that it was held, or that it was cancelled. What it replaces
-- is folded out of the rollups, exactly. Who was erased from a list is in its total still, where the outcome says so.
-- Gives whether anybody came for the first time in a month, or as it turns out did not: else no count of people changed.
WITH posted AS (
    SELECT DISTINCT ON (data.activity, data.session)
           entry.sequence, data.activity, data.session, data.date AS held_on,
           entry.event ->> 'type' = 'dk.helhedsnet.session.cancelled.v1' AS is_cancelled,
           coalesce(cardinality(data.participants) + coalesce((entry.outcome ->> 'unnamed')::int, 0), data.headcount, 0)
               AS attendances,
           coalesce(data.hours, 0) AS hours, coalesce(data.participants, '{}') AS participants
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb, outcome jsonb),
         jsonb_to_record(entry.event -> 'data')
         AS data(activity text, session text, date date, participants text[], headcount int, hours numeric)
    ORDER BY data.activity, data.session, entry.sequence DESC
), newer AS (
    SELECT posted.*
    FROM posted LEFT JOIN session AS known USING (activity, session)
    WHERE known.sequence IS NULL OR known.sequence < posted.sequence
), replaced AS (
    SELECT known.* FROM session AS known JOIN newer USING (activity, session)
), saved AS (
    INSERT INTO session (activity, session, sequence, held_on, is_cancelled, attendances, hours, participants)
    SELECT activity, session, sequence, held_on, is_cancelled, attendances, hours, participants FROM newer
    ON CONFLICT (activity, session) DO UPDATE
    SET sequence = excluded.sequence, held_on = excluded.held_on, is_cancelled = excluded.is_cancelled,
        attendances = excluded.attendances, hours = excluded.hours, participants = excluded.participants
), change AS (
    SELECT activity, date_trunc('month', held_on)::date AS month, is_cancelled, attendances, hours, participants,
           1 AS sign
    FROM newer
    UNION ALL
    SELECT activity, date_trunc('month', held_on)::date, is_cancelled, attendances, hours, participants, -1
    FROM replaced
), rolled AS (
    INSERT INTO activity_month (
        activity, month, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    )
    SELECT activity, month, coalesce(sum(sign) FILTER (WHERE NOT is_cancelled), 0),
           coalesce(sum(sign) FILTER (WHERE is_cancelled), 0),
           sum(sign * attendances), sum(sign * attendances * hours), 0
    FROM change GROUP BY activity, month
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
), present AS (
    INSERT INTO presence (activity, participant, month, sessions)
    SELECT activity, participant, month, sessions FROM came
    ON CONFLICT (activity, participant, month) DO UPDATE SET sessions = presence.sessions + excluded.sessions
    RETURNING activity, participant, month, sessions
)
SELECT EXISTS (
    SELECT FROM present JOIN came USING (activity, participant, month)
    WHERE (present.sessions > 0) <> (present.sessions - came.sessions > 0)
) AS may_change_counts;
