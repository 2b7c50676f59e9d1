-- Areas with their last sign of life.
SELECT area.area, area.name, area.municipality, last_event.stated AS last_event_at
FROM area LEFT JOIN last_event USING (area)
WHERE $1::text IS NULL OR area.area = $1
ORDER BY area.area;
