-- What each area registered last, as many of it as $12 says; whichever order they come in, the same stay. $1 the owner,
-- and of each registration $2 its place, $3 the area, $4 when it was recorded, $5 the event, $6 the activity, $7 the
-- session, $8 the day, $9 and $10 who sent it, $11 whom or which story it is of, as a list in JSON or null.
WITH told AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::text[], $10::text[], $11::text[])
        AS told(sequence, area, recorded, name, activity, session, fact_on, authtype, authid, subjects)
), placed AS (
    SELECT area, sequence, row_number() OVER (PARTITION BY area ORDER BY sequence DESC) AS place
    FROM (
        SELECT area, sequence FROM told
        UNION
        SELECT area, sequence FROM latest_registration WHERE owner = $1 AND area IN (SELECT area FROM told)
    ) AS every_one
), removed AS (
    DELETE FROM latest_registration USING placed
    WHERE latest_registration.owner = $1 AND latest_registration.sequence = placed.sequence AND placed.place > $12
)
INSERT INTO latest_registration
    (owner, sequence, area, recorded, name, activity, session, fact_on, authtype, authid, subjects)
SELECT $1, sequence, told.area, recorded::timestamptz, name, activity, session, fact_on::date, authtype, authid,
       CASE WHEN subjects IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(subjects::json)) END
FROM told JOIN placed USING (area, sequence)
WHERE place <= $12
ORDER BY sequence
ON CONFLICT (owner, sequence) DO NOTHING;
