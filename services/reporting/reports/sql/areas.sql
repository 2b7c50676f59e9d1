-- Areas with their last sign of life. $1 an area, $2 a plan whose areas are meant, each null for all.
SELECT area.area, area.name, area.municipality, last_event.stated AS last_event_at
FROM area LEFT JOIN last_event USING (area)
WHERE ($1::text IS NULL OR area.area = $1)
  AND ($2::text IS NULL OR area.area IN (SELECT unnest(plan.areas) FROM plan WHERE plan.plan = $2))
ORDER BY area.area;
