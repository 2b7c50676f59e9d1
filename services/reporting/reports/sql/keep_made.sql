-- Keeps a report that was made, $1 its entity tag, $2 when, $3 its JSON, beside the $4 newest of those before it.
WITH older AS (
    SELECT etag FROM made_report WHERE etag <> $1 ORDER BY made DESC, etag OFFSET $4 FOR UPDATE SKIP LOCKED
), removed AS (
    DELETE FROM made_report USING older WHERE made_report.etag = older.etag
)
INSERT INTO made_report (etag, made, body) VALUES ($1, $2, $3) ON CONFLICT (etag) DO NOTHING;
