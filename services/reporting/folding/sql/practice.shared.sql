-- shared: practice.shared
-- The latest word on a shared practice counts, from the day on which it was first shared.
INSERT INTO practice (activity, summary, what_works, shared_on, sequence)
SELECT DISTINCT ON (event.activity) event.activity, event.summary, event.what_works,
       min((event.stated::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date)
           OVER (PARTITION BY event.activity),
       event.sequence
FROM json_to_recordset($1) AS event(sequence bigint, activity text, summary text, what_works text, stated text)
ORDER BY event.activity, event.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET shared_on = least(practice.shared_on, excluded.shared_on),
    summary = CASE WHEN excluded.sequence > practice.sequence THEN excluded.summary ELSE practice.summary END,
    what_works = CASE WHEN excluded.sequence > practice.sequence THEN excluded.what_works ELSE practice.what_works END,
    sequence = greatest(practice.sequence, excluded.sequence);
