-- shared: story.published
-- A story counts from the day on which its area told it; one that is withdrawn stays withdrawn.
INSERT INTO story (story, area, activity, title, published_on)
SELECT DISTINCT ON (event.story) event.story, event.area, event.activity, event.title,
       (event.stated::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date
FROM json_to_recordset($1) AS event(sequence bigint, story text, area text, activity text, title text, stated text)
ORDER BY event.story, event.sequence DESC
ON CONFLICT (story) DO NOTHING;
