-- How many activities there are by where they are in their life at the end of each span, by any dimensions.
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
)
SELECT span.number, mask,
       CASE WHEN mask & 1 <> 0 THEN scope.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN scope.plan ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN scope.pool ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN scope.effort_area ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN scope.activity ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN scope.kind ELSE '' END AS kind,
       count(*) FILTER (WHERE planned_on <= last_day AND end_on >= first_day
                        AND (started_on IS NULL OR started_on > last_day)) AS activities_planned,
       count(*) FILTER (WHERE started_on <= last_day AND (ended_on IS NULL OR ended_on > last_day))
           AS activities_running,
       count(*) FILTER (WHERE ended_on BETWEEN first_day AND last_day) AS activities_ended,
       count(*) FILTER (WHERE anchored_on <= last_day) AS activities_anchored
FROM scope CROSS JOIN span JOIN margin ON (mask & 32 <> 0) = span.is_part
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;
