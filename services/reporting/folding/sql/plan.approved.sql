-- shared: plan.approved
-- A plan is approved once. It belongs to the areas that have consented, in the order in which the approval names them:
-- to all but those that its outcome says are only invited, and to these once their consent is heard of.
INSERT INTO plan (plan, name, pool, approved_areas, areas, start_on, end_on)
SELECT event.plan, event.name, event.pool, event.areas,
       ARRAY(
           SELECT area FROM unnest(event.areas) WITH ORDINALITY AS named(area, place)
           WHERE NOT coalesce(event.outcome -> 'invited' ? area, false)
              OR EXISTS (SELECT FROM plan_consent WHERE plan_consent.plan = event.plan AND plan_consent.area = named.area)
           ORDER BY place
       ),
       event.start, event."end"
FROM json_to_recordset($1)
     AS event(plan text, name text, pool text, areas text[], start date, "end" date, outcome jsonb)
ON CONFLICT (plan) DO NOTHING;
