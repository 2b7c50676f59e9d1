-- The latest word on a shared practice counts, from the day on which it was first shared.
INSERT INTO practice (activity, summary, what_works, shared_on, sequence)
SELECT DISTINCT ON (data.activity) data.activity, data.summary, data.what_works,
       min(((entry.event ->> 'time')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date)
           OVER (PARTITION BY data.activity),
       entry.sequence
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(activity text, summary text, what_works text)
ORDER BY data.activity, entry.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET shared_on = least(practice.shared_on, excluded.shared_on),
    summary = CASE WHEN excluded.sequence > practice.sequence THEN excluded.summary ELSE practice.summary END,
    what_works = CASE WHEN excluded.sequence > practice.sequence THEN excluded.what_works ELSE practice.what_works END,
    sequence = greatest(practice.sequence, excluded.sequence);
