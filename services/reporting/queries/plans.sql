-- Plans, all or those of one area; an extension never shortens.
SELECT plan, name, pool, areas, start_on,
       greatest(plan.end_on, (SELECT max(plan_end.end_on) FROM plan_end WHERE plan_end.plan = plan.plan)) AS end_on
FROM plan
WHERE $1::text IS NULL OR areas @> ARRAY[$1] ORDER BY plan;
