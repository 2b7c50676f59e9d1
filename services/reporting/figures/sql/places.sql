-- What there is to tell apart, whether or not anything happened there: of areas, plans, effort areas, activities and
-- kinds. $1 the masks of the margins without time, $2 areas, $3 plans, $4 effort areas, each null for all.
WITH margin AS (
    SELECT DISTINCT mask FROM unnest($1::int[]) AS margin(mask)
), place AS (
    SELECT activity.area, plan.plan, plan.pool, activity.effort_area, activity.activity, activity.kind
    FROM activity JOIN plan USING (plan)
    UNION ALL
    SELECT of_area.area, plan.plan, plan.pool, effort_area.effort_area, NULL, NULL
    FROM plan CROSS JOIN unnest(plan.areas) AS of_area(area) LEFT JOIN effort_area USING (pool)
    UNION ALL
    SELECT area, NULL, NULL, NULL, NULL, NULL FROM area
)
SELECT DISTINCT mask,
       CASE WHEN mask & 1 <> 0 THEN place.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN place.plan ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN place.pool ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN place.effort_area ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN place.activity ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN place.kind ELSE '' END AS kind
FROM place JOIN margin ON (mask & 24 = 0 OR activity IS NOT NULL) AND (mask & 6 = 0 OR plan IS NOT NULL)
    AND (mask & 4 = 0 OR effort_area IS NOT NULL)
WHERE ($2::text[] IS NULL OR area = ANY ($2)) AND ($3::text[] IS NULL OR plan = ANY ($3))
  AND ($4::text[] IS NULL OR effort_area = ANY ($4))
ORDER BY 1, 2, 3, 4, 5, 6, 7;
