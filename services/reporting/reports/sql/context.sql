-- Of each area and indicator the newest figure until a day, and the newest that is a year older. $1 the day, $2 an area
-- or null for all.
SELECT newest.area, newest.indicator, newest.measured_on, newest.value, newest.source,
       earlier.measured_on AS earlier_on, earlier.value AS earlier_value
FROM (
    SELECT DISTINCT ON (area, indicator) * FROM context
    WHERE measured_on <= $1 AND ($2::text IS NULL OR area = $2)
    ORDER BY area, indicator, measured_on DESC
) AS newest
LEFT JOIN LATERAL (
    SELECT measured_on, value FROM context
    WHERE context.area = newest.area AND context.indicator = newest.indicator
      AND context.measured_on <= newest.measured_on - interval '1 year'
    ORDER BY measured_on DESC LIMIT 1
) AS earlier ON true
ORDER BY newest.area, newest.indicator;
