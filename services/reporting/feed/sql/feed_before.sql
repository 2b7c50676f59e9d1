-- A page of the feed the newest first: what precedes $1, at most $2 items, of an area $3 and of a kind $4, each null for all.
-- An item is of the area that said it, or of all areas of its plan.
SELECT feed.sequence, feed.recorded, feed.stated, feed.name, feed.plan, feed.activity, feed.story, feed.data::text AS data,
       coalesce(of_item.areas, '{}') AS areas, activity.name AS activity_name, plan.name AS plan_name,
       milestone.title AS milestone_title, source.name AS source_name
FROM feed
LEFT JOIN activity ON activity.activity = feed.activity
LEFT JOIN plan ON plan.plan = coalesce(feed.plan, activity.plan)
LEFT JOIN milestone ON milestone.plan = feed.plan AND milestone.milestone = feed.data ->> 'milestone'
LEFT JOIN activity AS source ON source.activity = feed.data ->> 'source_activity'
CROSS JOIN LATERAL (
    SELECT CASE WHEN coalesce(feed.area, activity.area) IS NOT NULL THEN ARRAY[coalesce(feed.area, activity.area)]
                ELSE plan.areas END AS areas
) AS of_item
WHERE feed.sequence < $1
  AND ($3::text IS NULL OR of_item.areas @> ARRAY[$3])
  AND ($4::text IS NULL OR feed.name = $4)
ORDER BY feed.sequence DESC
LIMIT $2;
