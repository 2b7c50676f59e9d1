-- What areas, plans, effort areas and activities are called. $1 the dimensions wanted.
SELECT 'area' AS dimension, area AS slug, name FROM area WHERE 'area' = ANY ($1::text[])
UNION ALL
SELECT 'plan', plan, name FROM plan WHERE 'plan' = ANY ($1)
UNION ALL
SELECT 'effort_area', pool || '/' || effort_area, name FROM effort_area WHERE 'effort_area' = ANY ($1)
UNION ALL
SELECT 'activity', activity, name FROM activity WHERE 'activity' = ANY ($1) AND name IS NOT NULL
ORDER BY 1, 2;
