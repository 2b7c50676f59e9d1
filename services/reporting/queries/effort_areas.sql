-- The effort areas of those pools under which there is a plan.
SELECT pool, effort_area, name FROM effort_area
WHERE pool IN (SELECT pool FROM plan WHERE $1::text IS NULL OR areas @> ARRAY[$1])
ORDER BY pool, place, effort_area;
