-- What all events of a ground come to, and a page of them in their order, or a sample. Of `counted`, which has `sequence`,
-- `key` and `amount`; what has no place in a log yet has the sequence 0 and is an event of its own. $4 and $5 the place
-- after which to go on, $6 how many, $7 the seed of a sample or null.
total AS (
    SELECT count(*) AS entries, count(DISTINCT nullif(sequence, 0)) + count(*) FILTER (WHERE sequence = 0) AS events,
           coalesce(sum(amount), 0) AS total
    FROM counted
), page AS (
    SELECT *, CASE WHEN $7::text IS NOT NULL
                   THEN sha256(convert_to($7 || ':' || sequence || ':' || key, 'UTF8')) END AS rank
    FROM counted WHERE (sequence, key) > ($4::bigint, $5::text)
    ORDER BY rank, sequence, key LIMIT $6
)
