-- Plans, all or those of one area.
SELECT plan, name, pool, areas, start_on, end_on FROM plan
WHERE $1::text IS NULL OR areas @> ARRAY[$1] ORDER BY plan;
