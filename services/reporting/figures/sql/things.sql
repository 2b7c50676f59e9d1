-- How many courses, mentor companies, micro-businesses and stories there are by any dimensions: each counts once, by its
-- name, in every span that its days touch.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 whether they are parts of the time, $5 the masks of
-- the margins (area 1, plan 2, effort area 4, activity 8, kind 16, time 32), $6 areas, $7 plans, $8 effort areas, each
-- null for all. What a margin does not tell apart is ''.
WITH scope AS (
    SELECT activity.*, plan.pool FROM activity JOIN plan USING (plan)
    WHERE ($6::text[] IS NULL OR activity.area = ANY ($6)) AND ($7::text[] IS NULL OR activity.plan = ANY ($7))
      AND ($8::text[] IS NULL OR activity.effort_area = ANY ($8))
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[], $4::bool[]) AS span(number, first_day, last_day, is_part)
), margin AS (
    SELECT * FROM unnest($5::int[]) AS margin(mask)
), thing AS (
    SELECT 'course' AS what, course AS name, scope.area, scope.plan, scope.pool, scope.effort_area, scope.activity,
           scope.kind, course.start_on AS first_day,
           least(coalesce(course.closed_on, course.end_on), scope.ended_on) AS last_day
    FROM course JOIN scope USING (activity) WHERE course.start_on IS NOT NULL
    UNION ALL
    SELECT 'mentor', engaged.organisation, scope.area, scope.plan, scope.pool, scope.effort_area, scope.activity,
           scope.kind, engaged.changed_on,
           {{mentoring_ended_on}}
    FROM mentoring AS engaged JOIN scope USING (activity) WHERE engaged.is_engaged
    UNION ALL
    SELECT 'business', business, scope.area, scope.plan, scope.pool, scope.effort_area, scope.activity, scope.kind,
           founded_on, least(closed_on, scope.ended_on)
    FROM business JOIN scope USING (activity) WHERE founded_on IS NOT NULL
    UNION ALL
    SELECT 'story', story, story.area, scope.plan, scope.pool, scope.effort_area, scope.activity, scope.kind,
           published_on, published_on
    FROM story LEFT JOIN scope USING (activity)
    WHERE published_on IS NOT NULL AND (scope.activity IS NOT NULL OR ($7 IS NULL AND $8 IS NULL))
      AND ($6 IS NULL OR story.area = ANY ($6))
)
SELECT span.number, mask,
       CASE WHEN mask & 1 <> 0 THEN thing.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN coalesce(thing.plan, '') ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN coalesce(thing.pool, '') ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN coalesce(thing.effort_area, '') ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN coalesce(thing.activity, '') ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN coalesce(thing.kind, '') ELSE '' END AS kind,
       count(DISTINCT name) FILTER (WHERE what = 'course') AS courses,
       count(DISTINCT name) FILTER (WHERE what = 'mentor') AS mentor_companies,
       count(DISTINCT name) FILTER (WHERE what = 'business') AS micro_businesses,
       count(DISTINCT name) FILTER (WHERE what = 'story') AS stories
FROM thing JOIN span ON thing.first_day <= span.last_day AND coalesce(thing.last_day, 'infinity') >= span.first_day
JOIN margin ON (mask & 32 <> 0) = span.is_part
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;
