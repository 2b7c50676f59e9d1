-- The latest word on an activity's end counts; whether it was taken back since is told by the sequences.
INSERT INTO activity (activity, ended_on, ended_sequence)
SELECT DISTINCT ON (data.activity) data.activity, data.date, entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, date date)
ORDER BY data.activity, entry.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET ended_on = CASE WHEN excluded.ended_sequence > greatest(activity.ended_sequence, activity.reopened_sequence, 0)
                    THEN excluded.ended_on ELSE activity.ended_on END,
    ended_sequence = greatest(activity.ended_sequence, excluded.ended_sequence);
