-- shared: story.withdrawn
-- Nothing is kept of a withdrawn story but that it is.
INSERT INTO story (story)
SELECT DISTINCT event.story FROM json_to_recordset($1) AS event(story text) ORDER BY 1
ON CONFLICT (story) DO UPDATE SET area = NULL, activity = NULL, title = NULL, published_on = NULL;
