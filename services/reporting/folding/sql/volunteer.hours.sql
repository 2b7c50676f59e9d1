-- Hours of a volunteer: facts by event, and their sum by day and by month.
WITH worked AS (
    INSERT INTO volunteer_hours (sequence, activity, volunteer, worked_on, hours)
    SELECT event.sequence, event.activity, event.volunteer, event.date, event.hours
    FROM json_to_recordset($1) AS event(sequence bigint, activity text, volunteer text, date date, hours numeric)
    ON CONFLICT (sequence) DO NOTHING
    RETURNING *
), rolled_by_day AS (
    INSERT INTO activity_day (
        activity, day, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    )
    SELECT activity, worked_on, 0, 0, 0, 0, sum(hours)
    FROM worked GROUP BY 1, 2
    ON CONFLICT (activity, day) DO UPDATE
    SET volunteer_hours = activity_day.volunteer_hours + excluded.volunteer_hours
)
INSERT INTO activity_month (
    activity, month, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
)
SELECT activity, date_trunc('month', worked_on)::date, 0, 0, 0, 0, sum(hours)
FROM worked GROUP BY 1, 2
ON CONFLICT (activity, month) DO UPDATE
SET volunteer_hours = activity_month.volunteer_hours + excluded.volunteer_hours;
