-- A story counts from the day on which its area told it; one that is withdrawn stays withdrawn.
INSERT INTO story (story, area, activity, title, published_on)
SELECT DISTINCT ON (data.story) data.story, data.area, data.activity, data.title,
       ((entry.event ->> 'time')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(story text, area text, activity text, title text)
ORDER BY data.story, entry.sequence DESC
ON CONFLICT (story) DO NOTHING;
