-- Two pseudonyms were one person: in the activities that the registry names, what stands under the first stands under
-- the second. Each stay ended as its own pseudonym said; stays in one course that have a day in common are one. Whoever
-- left under one while in the activity under the other did not leave. Who was named twice in a session came once, and
-- was not absent. Of two scores, and of two absences from one session, the first stays.
WITH merged AS (
    SELECT event.sequence, event.participant AS gone, event."into" AS stays, outcome.activities,
           ARRAY[event.participant, event."into"] AS both_names
    FROM json_to_recordset($1) AS event(sequence bigint, participant text, "into" text, outcome jsonb),
         jsonb_to_record(event.outcome) AS outcome(activities text[])
), stay AS (
    SELECT enrolment.activity, coalesce(enrolment.course, '') AS course, enrolment.participant, enrolment.sequence,
           enrolment.enrolled_on,
           least(enrolment.ended_on, (SELECT min(leaving.left_on) FROM leaving
               WHERE leaving.activity = enrolment.activity AND leaving.participant = enrolment.participant
                 AND leaving.sequence > coalesce(enrolment.merged_sequence, enrolment.sequence))) AS ended_on
    FROM enrolment, merged
    WHERE enrolment.activity = ANY (merged.activities) AND enrolment.participant = ANY (merged.both_names)
), begun AS (
    SELECT *, coalesce(enrolled_on > max(coalesce(ended_on, 'infinity')) OVER (
               PARTITION BY activity, course ORDER BY enrolled_on, sequence
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ), true) AS is_new
    FROM stay
), numbered AS (
    SELECT *, count(*) FILTER (WHERE is_new) OVER (
               PARTITION BY activity, course ORDER BY enrolled_on, sequence
           ) AS number
    FROM begun
), united AS (
    SELECT activity, participant, sequence, is_new,
           nullif(max(coalesce(ended_on, 'infinity')) OVER (PARTITION BY activity, course, number), 'infinity')
               AS ended_on
    FROM numbered
), not_twice AS (
    DELETE FROM enrolment USING united
    WHERE NOT united.is_new AND enrolment.activity = united.activity
      AND enrolment.participant = united.participant AND enrolment.sequence = united.sequence
), enrolled AS (
    UPDATE enrolment SET participant = merged.stays, ended_on = united.ended_on, merged_sequence = merged.sequence
    FROM united, merged
    WHERE united.is_new AND enrolment.activity = united.activity
      AND enrolment.participant = united.participant AND enrolment.sequence = united.sequence
), not_left AS (
    DELETE FROM leaving USING merged
    WHERE leaving.activity = ANY (merged.activities) AND leaving.participant = ANY (merged.both_names)
      AND EXISTS (
          SELECT FROM stay WHERE stay.activity = leaving.activity AND stay.participant <> leaving.participant
            AND stay.enrolled_on <= leaving.left_on AND coalesce(stay.ended_on, 'infinity') > leaving.left_on
      )
    RETURNING leaving.activity, leaving.participant, leaving.sequence
), departed AS (
    UPDATE leaving SET participant = merged.stays FROM merged
    WHERE leaving.activity = ANY (merged.activities) AND leaving.participant = merged.gone
      AND (leaving.activity, leaving.participant, leaving.sequence) NOT IN (SELECT * FROM not_left)
), role AS (
    SELECT taken.activity, taken.volunteer, taken.role, taken.sequence,
           least(taken.ended_on, (SELECT min(given_up.changed_on) FROM volunteering AS given_up
               WHERE given_up.activity = taken.activity AND given_up.volunteer = taken.volunteer
                 AND given_up.role = taken.role AND NOT given_up.is_engaged
                 AND given_up.sequence > coalesce(taken.merged_sequence, taken.sequence))) AS ended_on
    FROM volunteering AS taken, merged
    WHERE taken.activity = ANY (merged.activities) AND taken.volunteer = ANY (merged.both_names)
), helping AS (
    UPDATE volunteering SET volunteer = merged.stays, ended_on = role.ended_on, merged_sequence = merged.sequence
    FROM role, merged
    WHERE volunteering.activity = role.activity AND volunteering.volunteer = role.volunteer
      AND volunteering.role = role.role AND volunteering.sequence = role.sequence
), worked AS (
    UPDATE volunteer_hours SET volunteer = merged.stays FROM merged
    WHERE volunteer_hours.activity = ANY (merged.activities) AND volunteer_hours.volunteer = merged.gone
), followed AS (
    UPDATE followup SET participant = merged.stays FROM merged
    WHERE followup.activity = ANY (merged.activities) AND followup.participant = merged.gone
), score AS (
    SELECT measurement.*, row_number() OVER (
               PARTITION BY activity, course, lens, respondent, wave ORDER BY measurement.sequence
           ) AS place
    FROM measurement, merged
    WHERE activity = ANY (merged.activities) AND participant = ANY (merged.both_names)
), not_scored AS (
    -- The later of two goes. Where it is the one that would be renamed it is deleted, otherwise it is written over.
    DELETE FROM measurement USING merged, score
    WHERE measurement.participant = merged.gone AND score.participant = merged.gone
      AND (measurement.activity, measurement.course, measurement.lens, measurement.respondent, measurement.wave)
        = (score.activity, score.course, score.lens, score.respondent, score.wave)
), scored AS (
    INSERT INTO measurement (activity, participant, course, lens, respondent, wave, sequence, measured_on, instrument,
                             score, scale_min, scale_max)
    SELECT score.activity, merged.stays, score.course, score.lens, score.respondent, score.wave, score.sequence,
           score.measured_on, score.instrument, score.score, score.scale_min, score.scale_max
    FROM score, merged WHERE score.participant = merged.gone AND score.place = 1
    ON CONFLICT (activity, participant, course, lens, respondent, wave) DO UPDATE
    SET sequence = excluded.sequence, measured_on = excluded.measured_on, instrument = excluded.instrument,
        score = excluded.score, scale_min = excluded.scale_min, scale_max = excluded.scale_max
), came AS (
    SELECT session.activity, session.session, session.held_on, session.hours, merged.stays, merged.gone,
           merged.both_names <@ session.participants AS is_twice
    FROM session, merged
    WHERE session.activity = ANY (merged.activities) AND merged.gone = ANY (session.participants)
), absence AS (
    SELECT session.activity, session.session, merged.gone, merged.stays, each.absence, each.place,
           each.absence ->> 'participant' = ANY (merged.both_names) AS is_theirs,
           merged.both_names && session.participants AS has_come,
           row_number() OVER (
               PARTITION BY session.activity, session.session, each.absence ->> 'participant' = ANY (merged.both_names)
               ORDER BY each.place
           ) AS number
    FROM session, merged, jsonb_array_elements(session.absent) WITH ORDINALITY AS each(absence, place)
    WHERE session.activity = ANY (merged.activities)
), absent AS (
    SELECT activity, session,
           coalesce(jsonb_agg(
               CASE WHEN is_theirs THEN absence || jsonb_build_object('participant', stays) ELSE absence END
               ORDER BY place
           ) FILTER (WHERE NOT is_theirs OR (number = 1 AND NOT has_come)), '[]') AS absent
    FROM absence GROUP BY activity, session HAVING bool_or(is_theirs)
), listed AS (
    UPDATE session SET attendances = session.attendances - coalesce(changed.is_twice::int, 0),
        participants = CASE WHEN changed.is_twice THEN array_remove(session.participants, changed.gone)
                            WHEN changed.gone IS NOT NULL
                            THEN array_replace(session.participants, changed.gone, changed.stays)
                            ELSE session.participants END,
        absent = coalesce(changed.absent, session.absent)
    FROM (SELECT * FROM came FULL JOIN absent USING (activity, session)) AS changed
    WHERE session.activity = changed.activity AND session.session = changed.session
), no_presence AS (
    DELETE FROM presence USING merged
    WHERE presence.activity = ANY (merged.activities) AND presence.participant = merged.gone
), present AS (
    INSERT INTO presence (activity, participant, month, sessions)
    SELECT activity, stays, date_trunc('month', held_on)::date, count(*) FILTER (WHERE NOT is_twice)
    FROM came GROUP BY 1, 2, 3
    ON CONFLICT (activity, participant, month) DO UPDATE SET sessions = presence.sessions + excluded.sessions
), fewer_by_day AS (
    UPDATE activity_day SET attendances = activity_day.attendances - twice.times,
        participant_hours = activity_day.participant_hours - twice.hours
    FROM (SELECT activity, held_on, count(*) AS times, sum(hours) AS hours FROM came WHERE is_twice GROUP BY 1, 2)
        AS twice
    WHERE activity_day.activity = twice.activity AND activity_day.day = twice.held_on
)
UPDATE activity_month SET attendances = activity_month.attendances - twice.times,
    participant_hours = activity_month.participant_hours - twice.hours
FROM (SELECT activity, date_trunc('month', held_on)::date AS month, count(*) AS times, sum(hours) AS hours
      FROM came WHERE is_twice GROUP BY 1, 2) AS twice
WHERE activity_month.activity = twice.activity AND activity_month.month = twice.month;
