-- shared: activity.started
-- An activity has run since it first started; started again, its end is taken back where that was said before.
INSERT INTO activity (activity, started_on, reopened_sequence)
SELECT event.activity, min(event.date), max(event.sequence)
FROM json_to_recordset($1) AS event(sequence bigint, activity text, date date)
GROUP BY event.activity
ON CONFLICT (activity) DO UPDATE
SET started_on = least(activity.started_on, excluded.started_on),
    reopened_sequence = greatest(activity.reopened_sequence, excluded.reopened_sequence),
    ended_on = CASE WHEN excluded.reopened_sequence > activity.ended_sequence THEN NULL ELSE activity.ended_on END;
