-- The stories that areas told in some days and have not withdrawn, the newest first. $1 the first day, $2 the last, $3 an
-- area, $4 a plan, each null for all, $5 how many.
SELECT feed.story, feed.data ->> 'title' AS title, feed.data ->> 'text' AS text, feed.area, feed.stated::date AS told_on,
       feed.data ->> 'published_in' AS published_in, activity.name AS activity_name
FROM feed LEFT JOIN activity ON activity.activity = feed.activity
WHERE feed.name = 'story.published' AND feed.stated::date BETWEEN $1 AND $2
  AND ($3::text IS NULL OR feed.area = $3) AND ($4::text IS NULL OR activity.plan = $4)
ORDER BY feed.stated::date DESC, feed.sequence DESC
LIMIT $5;
