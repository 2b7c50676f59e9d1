-- What the services refused after a day ($1), by source, type and code, the most frequent first.
SELECT source, type, code, sum(events)::bigint AS events, min(day) AS since, max(day) AS last
FROM rejection
WHERE day > $1
GROUP BY source, type, code
ORDER BY sum(events) DESC, source, type, code
