-- shared: activity.ended
-- The latest word on an activity's end counts; whether it was taken back since is told by the sequences.
INSERT INTO activity (activity, ended_on, ended_sequence)
SELECT DISTINCT ON (event.activity) event.activity, event.date, event.sequence
FROM json_to_recordset($1) AS event(sequence bigint, activity text, date date)
ORDER BY event.activity, event.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET ended_on = CASE WHEN excluded.ended_sequence > greatest(activity.ended_sequence, activity.reopened_sequence, 0)
                    THEN excluded.ended_on ELSE activity.ended_on END,
    ended_sequence = greatest(activity.ended_sequence, excluded.ended_sequence);
