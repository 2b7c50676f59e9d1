-- What the codes in a report are called. $1 the activities meant, $2 a plan, $3 an area, both null for all.
WITH meant AS (
    SELECT plan, pool FROM plan WHERE ($2::text IS NULL OR plan = $2) AND ($3::text IS NULL OR areas @> ARRAY[$3])
)
SELECT 'activities' AS kind, activity AS code, name FROM activity WHERE activity = ANY ($1::text[]) AND name IS NOT NULL
UNION ALL
SELECT 'activity_areas', activity, area FROM activity WHERE activity = ANY ($1::text[]) AND area IS NOT NULL
UNION ALL
SELECT DISTINCT 'areas', area, area.name
FROM activity JOIN area USING (area) WHERE activity = ANY ($1::text[]) AND area.name IS NOT NULL
UNION ALL
SELECT 'funders', commitment, organisation.name
FROM commitment JOIN meant USING (plan) JOIN organisation ON organisation.organisation = funder
WHERE organisation.name IS NOT NULL
UNION ALL
SELECT DISTINCT 'effort_areas', effort_area, name FROM effort_area JOIN meant USING (pool)
ORDER BY 1, 2, 3;
