-- The word on a planned session with the highest sequence counts; whether it was held, `session` knows.
INSERT INTO planned_session (activity, session, sequence, planned_on, starts_at, hours)
SELECT DISTINCT ON (event.activity, event.session)
       event.activity, event.session, event.sequence, event.date, event.start, event.hours
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, session text, date date, start text, hours numeric)
ORDER BY event.activity, event.session, event.sequence DESC
ON CONFLICT (activity, session) DO UPDATE
SET sequence = excluded.sequence, planned_on = excluded.planned_on, starts_at = excluded.starts_at,
    hours = excluded.hours
WHERE planned_session.sequence < excluded.sequence;
