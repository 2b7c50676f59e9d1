-- shared: plan.consented
-- A consent is a fact; the plan belongs to the area as well, whether it is heard of before or after its approval.
WITH consent AS (
    INSERT INTO plan_consent (plan, area)
    SELECT DISTINCT event.plan, event.area FROM json_to_recordset($1) AS event(plan text, area text)
    ON CONFLICT (plan, area) DO NOTHING
    RETURNING plan, area
)
UPDATE plan SET areas = ARRAY(
    SELECT area FROM unnest(plan.approved_areas) WITH ORDINALITY AS named(area, place)
    WHERE area = ANY (plan.areas)
       OR EXISTS (SELECT FROM consent WHERE consent.plan = plan.plan AND consent.area = named.area)
    ORDER BY place
)
WHERE plan.plan IN (SELECT plan FROM consent);
