-- Plans; an extension never shortens. $1 an area, $2 a plan, each null for all.
SELECT plan, name, pool, areas, start_on,
       greatest(plan.end_on, (SELECT max(plan_end.end_on) FROM plan_end WHERE plan_end.plan = plan.plan)) AS end_on,
       ARRAY(SELECT area FROM unnest(approved_areas) WITH ORDINALITY AS named(area, place)
             WHERE area <> ALL (areas) ORDER BY place) AS invited
FROM plan
WHERE ($1::text IS NULL OR areas @> ARRAY[$1]) AND ($2::text IS NULL OR plan = $2)
ORDER BY plan;
