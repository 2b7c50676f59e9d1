-- Forgets a pseudonym, known here by its digest, in the activities that the registry names. A session's total stays
-- where it was large enough to hide one person; where it was not, the person leaves the totals too.
WITH withdrawn AS (
    {{withdrawn_people}}
), not_enrolled AS (
    DELETE FROM enrolment USING withdrawn
    WHERE enrolment.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(enrolment.participant, 'UTF8')), 'hex') = withdrawn.digest
), not_left AS (
    DELETE FROM leaving USING withdrawn
    WHERE leaving.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(leaving.participant, 'UTF8')), 'hex') = withdrawn.digest
), not_measured AS (
    DELETE FROM measurement USING withdrawn
    WHERE measurement.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(measurement.participant, 'UTF8')), 'hex') = withdrawn.digest
), not_followed AS (
    DELETE FROM followup USING withdrawn
    WHERE followup.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(followup.participant, 'UTF8')), 'hex') = withdrawn.digest
), not_volunteering AS (
    DELETE FROM volunteering USING withdrawn
    WHERE volunteering.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(volunteering.volunteer, 'UTF8')), 'hex') = withdrawn.digest
), not_worked AS (
    DELETE FROM volunteer_hours USING withdrawn
    WHERE volunteer_hours.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(volunteer_hours.volunteer, 'UTF8')), 'hex') = withdrawn.digest
    RETURNING volunteer_hours.activity, worked_on, volunteer_hours.hours
), not_present AS (
    DELETE FROM presence USING withdrawn
    WHERE presence.activity = withdrawn.activity
      AND encode(sha256(withdrawn.salt || convert_to(presence.participant, 'UTF8')), 'hex') = withdrawn.digest
), not_dead AS (
    DELETE FROM dead_letter USING withdrawn
    WHERE dead_letter.owner = 'registry' AND EXISTS (
        SELECT FROM regexp_matches(dead_letter.entry, '"([a-z0-9-]+)"', 'g') AS named(slugs)
        WHERE encode(sha256(withdrawn.salt || convert_to(named.slugs[1], 'UTF8')), 'hex') = withdrawn.digest
    )
), not_absent AS (
    SELECT session.activity, session.session,
           coalesce(jsonb_agg(named.absence ORDER BY place) FILTER (WHERE NOT told.is_gone), '[]') AS absent
    FROM session, jsonb_array_elements(session.absent) WITH ORDINALITY AS named(absence, place), LATERAL (
        SELECT EXISTS (
            SELECT FROM withdrawn
            WHERE withdrawn.activity = session.activity AND session.sequence < withdrawn.sequence
              AND encode(sha256(withdrawn.salt || convert_to(named.absence ->> 'participant', 'UTF8')), 'hex')
                = withdrawn.digest
        ) AS is_gone
    ) AS told
    WHERE session.activity IN (SELECT activity FROM withdrawn)
    GROUP BY session.activity, session.session
    HAVING bool_or(told.is_gone)
), going AS (
    SELECT session.activity, session.session, session.held_on, session.hours, array_agg(came.participant) AS people,
           CASE WHEN session.attendances >= min(withdrawn.keep_totals_from) THEN 0 ELSE count(*) END AS dropped
    FROM session JOIN withdrawn ON withdrawn.activity = session.activity AND session.sequence < withdrawn.sequence,
         unnest(session.participants) AS came(participant)
    WHERE encode(sha256(withdrawn.salt || convert_to(came.participant, 'UTF8')), 'hex') = withdrawn.digest
    GROUP BY session.activity, session.session
), left_sessions AS (
    UPDATE session SET attendances = session.attendances - coalesce(changed.dropped, 0),
        participants = ARRAY(
            SELECT came.participant FROM unnest(session.participants) WITH ORDINALITY AS came(participant, place)
            WHERE came.participant <> ALL (coalesce(changed.people, '{}')) ORDER BY place
        ),
        absent = coalesce(changed.absent, session.absent)
    FROM (SELECT * FROM going FULL JOIN not_absent USING (activity, session)) AS changed
    WHERE session.activity = changed.activity AND session.session = changed.session
), change_by_day AS (
    SELECT activity, day, sum(dropped) AS dropped, sum(hours) AS hours, sum(worked) AS worked
    FROM (
        SELECT activity, held_on AS day, dropped, dropped * hours AS hours, 0 AS worked FROM going
        UNION ALL
        SELECT activity, worked_on, 0, 0, hours FROM not_worked
    ) AS each GROUP BY 1, 2
), fewer_by_day AS (
    UPDATE activity_day SET attendances = activity_day.attendances - change.dropped,
        participant_hours = activity_day.participant_hours - change.hours,
        volunteer_hours = activity_day.volunteer_hours - change.worked
    FROM change_by_day AS change
    WHERE activity_day.activity = change.activity AND activity_day.day = change.day
), change AS (
    SELECT activity, date_trunc('month', day)::date AS month, sum(dropped) AS dropped, sum(hours) AS hours,
           sum(worked) AS worked
    FROM change_by_day GROUP BY 1, 2
)
UPDATE activity_month SET attendances = activity_month.attendances - change.dropped,
    participant_hours = activity_month.participant_hours - change.hours,
    volunteer_hours = activity_month.volunteer_hours - change.worked
FROM change WHERE activity_month.activity = change.activity AND activity_month.month = change.month;
