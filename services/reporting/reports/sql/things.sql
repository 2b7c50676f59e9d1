-- How many courses, mentor companies, micro-businesses, stories and anchored activities there are: each counts once, by
-- its name, in every span that its days touch. $1 first day, $2 last, $3 area, $4 plan, of which the
-- activities are told apart too.
WITH scope AS (
    SELECT activity.*, plan.pool FROM activity JOIN plan USING (plan)
    WHERE ($3::text IS NULL OR activity.area = $3) AND ($4::text IS NULL OR activity.plan = $4)
), thing AS (
    SELECT 'course' AS kind, course AS name, scope.activity, scope.area, scope.pool, scope.effort_area, course.start_on AS first_day,
           least(coalesce(course.closed_on, course.end_on), scope.ended_on) AS last_day
    FROM course JOIN scope USING (activity) WHERE course.start_on IS NOT NULL
    UNION ALL
    SELECT 'mentor', engaged.organisation, scope.activity, scope.area, scope.pool, scope.effort_area, engaged.changed_on,
           {{mentoring_ended_on}}
    FROM mentoring AS engaged JOIN scope USING (activity) WHERE engaged.is_engaged
    UNION ALL
    SELECT 'business', business, scope.activity, scope.area, scope.pool, scope.effort_area, founded_on,
           least(closed_on, scope.ended_on)
    FROM business JOIN scope USING (activity) WHERE founded_on IS NOT NULL
    UNION ALL
    SELECT 'story', story, scope.activity, story.area, scope.pool, scope.effort_area, published_on, published_on
    FROM story LEFT JOIN scope USING (activity)
    WHERE published_on IS NOT NULL AND ($3::text IS NULL OR story.area = $3)
      AND ($4::text IS NULL OR scope.activity IS NOT NULL)
    UNION ALL
    SELECT 'anchored', activity, activity, area, pool, effort_area, anchored_on, NULL FROM scope WHERE anchored_on IS NOT NULL
), span AS (
    SELECT NULL::date AS month, $1::date AS first_day, $2::date AS last_day
    UNION ALL
    SELECT month::date, greatest(month::date, $1), least((month + interval '1 month')::date - 1, $2)
    FROM generate_series(date_trunc('month', $1::date), $2::date, '1 month') AS month
), counted AS (
    SELECT thing.kind, thing.name, span.month, thing.activity, thing.area, thing.pool, thing.effort_area
    FROM thing JOIN span
      ON thing.first_day <= span.last_day AND coalesce(thing.last_day, 'infinity') >= span.first_day
)
SELECT CASE WHEN counted.month IS NOT NULL THEN 'month' WHEN grouping(activity) = 0 THEN 'activity'
            WHEN grouping(area) = 0 THEN 'area'
            WHEN grouping(effort_area) = 0 THEN 'effort_area' ELSE 'total' END AS grain,
       counted.month, counted.activity, counted.area, counted.pool, counted.effort_area,
       count(DISTINCT name) FILTER (WHERE kind = 'course') AS courses,
       count(DISTINCT name) FILTER (WHERE kind = 'mentor') AS mentor_companies,
       count(DISTINCT name) FILTER (WHERE kind = 'business') AS micro_businesses,
       count(DISTINCT name) FILTER (WHERE kind = 'story') AS stories,
       count(DISTINCT name) FILTER (WHERE kind = 'anchored') AS activities_anchored
FROM counted
GROUP BY GROUPING SETS ((counted.month), (counted.month, area), (counted.month, pool, effort_area), (counted.month, activity))
HAVING (counted.month IS NULL OR (grouping(area) = 1 AND grouping(effort_area) = 1 AND grouping(activity) = 1))
   AND (grouping(activity) = 1 OR ($4 IS NOT NULL AND activity IS NOT NULL))
   AND (grouping(effort_area) = 1 OR effort_area IS NOT NULL)
ORDER BY grain, counted.month, counted.activity, counted.area, counted.pool, counted.effort_area;
