-- Of what areas registered last, what a person's or a story's withdrawal erased says no more than that it was: its place
-- stays, so that the same ones are kept as a log that is read later gives. $1 are withdrawals as JSON, $2 the name of what
-- was erased.
WITH withdrawn AS (
    {{withdrawn_people}}
), told AS (
    SELECT * FROM json_to_recordset($1) AS event(sequence bigint, story text)
)
UPDATE latest_registration SET name = $2, activity = NULL, session = NULL, fact_on = NULL, authtype = NULL, authid = NULL,
    subjects = NULL
WHERE owner = 'registry' AND subjects IS NOT NULL AND CASE name
    WHEN 'story.published'
    THEN EXISTS (
        SELECT FROM told
        WHERE told.sequence > latest_registration.sequence AND told.story = ANY (latest_registration.subjects)
    )
    ELSE EXISTS (
        SELECT FROM withdrawn, unnest(latest_registration.subjects) AS subject(name)
        WHERE withdrawn.sequence > latest_registration.sequence
          AND (latest_registration.activity IS NULL OR latest_registration.activity = withdrawn.activity)
          AND encode(sha256(withdrawn.salt || convert_to(subject.name, 'UTF8')), 'hex') = withdrawn.digest
    ) END;
