-- Nothing is kept of a withdrawn story but that it is.
INSERT INTO story (story)
SELECT DISTINCT entry.event -> 'data' ->> 'story' FROM jsonb_to_recordset($1) AS entry(event jsonb) ORDER BY 1
ON CONFLICT (story) DO UPDATE SET area = NULL, activity = NULL, title = NULL, published_on = NULL;
