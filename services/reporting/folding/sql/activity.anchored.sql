-- shared: activity.anchored
-- The latest word on who carries an activity on counts, from the day on which it was first said.
INSERT INTO activity (activity, anchored_on, anchored_by, anchored_from, anchored_note, anchored_sequence)
SELECT DISTINCT ON (event.activity) event.activity,
       min((event.stated::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date)
           OVER (PARTITION BY event.activity),
       event.organisation, event."from", event.funding_note, event.sequence
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, organisation text, "from" date, funding_note text, stated text)
ORDER BY event.activity, event.sequence DESC
ON CONFLICT (activity) DO UPDATE
SET anchored_on = least(activity.anchored_on, excluded.anchored_on),
    anchored_by = CASE WHEN excluded.anchored_sequence > coalesce(activity.anchored_sequence, 0)
                       THEN excluded.anchored_by ELSE activity.anchored_by END,
    anchored_from = CASE WHEN excluded.anchored_sequence > coalesce(activity.anchored_sequence, 0)
                         THEN excluded.anchored_from ELSE activity.anchored_from END,
    anchored_note = CASE WHEN excluded.anchored_sequence > coalesce(activity.anchored_sequence, 0)
                         THEN excluded.anchored_note ELSE activity.anchored_note END,
    anchored_sequence = greatest(activity.anchored_sequence, excluded.anchored_sequence);
