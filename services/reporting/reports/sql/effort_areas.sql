-- The effort areas of those pools under which there is a plan. $1 an area, $2 a plan, each null for all.
SELECT pool, effort_area, name FROM effort_area
WHERE pool IN (SELECT pool FROM plan WHERE ($1::text IS NULL OR areas @> ARRAY[$1]) AND ($2::text IS NULL OR plan = $2))
ORDER BY pool, place, effort_area;
