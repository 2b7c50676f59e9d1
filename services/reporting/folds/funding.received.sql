-- What came in on a commitment; the outcome says what the payment also released.
WITH receipt AS (
    INSERT INTO receipt (receipt, commitment, amount_ore, received_on, reference)
    SELECT data.receipt, data.commitment, data.amount_ore, data.date, data.reference
    FROM jsonb_to_recordset($1) AS entry(event jsonb),
         jsonb_to_record(entry.event -> 'data')
         AS data(receipt text, commitment text, amount_ore bigint, date date, reference text)
    ON CONFLICT (receipt) DO NOTHING
), moved AS (
    INSERT INTO movement (sequence, commitment, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT entry.sequence, data.commitment, data.date, 0, coalesce((entry.outcome ->> 'released_ore')::bigint, 0),
           data.amount_ore, 0
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb, outcome jsonb),
         jsonb_to_record(entry.event -> 'data') AS data(commitment text, amount_ore bigint, date date)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
)
INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, date_trunc('month', moved_on)::date, 0, sum(released_ore), sum(received_ore), 0
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, month) DO UPDATE
SET released_ore = commitment_month.released_ore + excluded.released_ore,
    received_ore = commitment_month.received_ore + excluded.received_ore;
