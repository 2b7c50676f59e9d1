-- Who promised what to which plan; what the network states itself is confirmed by that.
WITH posted AS (
    SELECT event.sequence, event.commitment, event.plan, event.funder, event.funder_kind,
           coalesce(event.in_kind, false) AS in_kind, event.amount_ore, event.reference, event.date,
           event.outcome
    FROM json_to_recordset($1)
         AS event(sequence bigint, commitment text, plan text, funder text, funder_kind text, in_kind boolean,
                  amount_ore bigint, reference text, date date, outcome jsonb)
), confirmed AS (
    INSERT INTO confirmation (commitment, confirmed_on, reference)
    SELECT commitment, date, reference FROM posted WHERE outcome -> 'confirmed' = 'true'
    ON CONFLICT (commitment) DO NOTHING
), named AS (
    INSERT INTO commitment (commitment, plan, funder, funder_kind, in_kind, reference, committed_on)
    SELECT commitment, plan, funder, funder_kind, in_kind, reference, date FROM posted
    ON CONFLICT (commitment) DO NOTHING
), moved AS (
    INSERT INTO movement (sequence, commitment, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT sequence, commitment, date, amount_ore, 0, 0, 0 FROM posted
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
), monthly AS (
    INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
    SELECT commitment, date_trunc('month', moved_on)::date, sum(committed_ore), 0, 0, 0
    FROM moved GROUP BY 1, 2
    ON CONFLICT (commitment, month) DO UPDATE
    SET committed_ore = commitment_month.committed_ore + excluded.committed_ore
)
INSERT INTO commitment_day (commitment, day, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, moved_on, sum(committed_ore), 0, 0, 0
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, day) DO UPDATE
SET committed_ore = commitment_day.committed_ore + excluded.committed_ore;
