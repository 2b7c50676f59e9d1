-- What areas share with one another, at its place in the registry's log; of each kind of event only what is listed here.
-- Of a story that was withdrawn nothing is kept, whichever is heard of first. $1 entries of the registry.
WITH posted AS (
    SELECT entry.sequence, entry.recorded, (entry.event ->> 'time')::timestamptz AS stated,
           substring(entry.event ->> 'type' FROM '^dk\.helhedsnet\.(.*)\.v1$') AS name,
           coalesce(data.area, substring(entry.event ->> 'source' FROM '^/areas/(.*)$')) AS area,
           data.plan, data.activity, data.story, entry.event -> 'data' AS said
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, recorded timestamptz, event jsonb),
         jsonb_to_record(entry.event -> 'data') AS data(area text, plan text, activity text, story text)
), field AS (
    SELECT * FROM (VALUES
        ('plan.approved', '{plan,name,pool,areas,start,end}'::text[]),
        ('plan.consented', '{plan,area}'),
        ('plan.extended', '{plan,end}'),
        ('plan.closed', '{plan,date}'),
        ('milestone.planned', '{plan,milestone,title,due,effort_area}'),
        ('milestone.reached', '{plan,milestone,date,evidence}'),
        ('activity.planned', '{activity,plan,area,name,kind,effort_area,start,end}'),
        ('activity.started', '{activity,date}'),
        ('activity.ended', '{activity,date}'),
        ('activity.anchored', '{activity,organisation,from}'),
        ('practice.shared', '{activity,summary,what_works}'),
        ('practice.adopted', '{activity,source_activity,adaptation}'),
        ('story.published', '{story,area,title,text,activity,lenses,published_in}'),
        ('story.withdrawn', '{story}')
    ) AS field(name, fields)
), withdrawn AS (
    SELECT story FROM posted WHERE name = 'story.withdrawn'
    UNION
    SELECT story FROM feed WHERE name = 'story.withdrawn'
), removed AS (
    DELETE FROM feed USING withdrawn WHERE feed.story = withdrawn.story AND feed.name = 'story.published'
)
INSERT INTO feed (sequence, recorded, stated, name, area, plan, activity, story, data)
SELECT sequence, recorded, stated, name, area, plan, activity, story,
       (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(said) WHERE key = ANY (field.fields))
FROM posted JOIN field USING (name)
WHERE NOT (name = 'story.published' AND story IN (SELECT story FROM withdrawn))
ORDER BY sequence
ON CONFLICT (sequence) DO NOTHING;
