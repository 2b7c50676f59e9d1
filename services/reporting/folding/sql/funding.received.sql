-- What came in on a commitment; the outcome says what the payment also released.
WITH receipt AS (
    INSERT INTO receipt (receipt, commitment, amount_ore, received_on, reference)
    SELECT event.receipt, event.commitment, event.amount_ore, event.date, event.reference
    FROM json_to_recordset($1) AS event(receipt text, commitment text, amount_ore bigint, date date, reference text)
    ON CONFLICT (receipt) DO NOTHING
), moved AS (
    INSERT INTO movement (sequence, commitment, fact, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT event.sequence, event.commitment, event.receipt, event.date, 0, coalesce((event.outcome ->> 'released_ore')::bigint, 0),
           event.amount_ore, 0
    FROM json_to_recordset($1)
         AS event(sequence bigint, receipt text, commitment text, amount_ore bigint, date date, outcome jsonb)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
), monthly AS (
    INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
    SELECT commitment, date_trunc('month', moved_on)::date, 0, sum(released_ore), sum(received_ore), 0
    FROM moved GROUP BY 1, 2
    ON CONFLICT (commitment, month) DO UPDATE
    SET released_ore = commitment_month.released_ore + excluded.released_ore,
        received_ore = commitment_month.received_ore + excluded.received_ore
)
INSERT INTO commitment_day (commitment, day, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, moved_on, 0, sum(released_ore), sum(received_ore), 0
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, day) DO UPDATE
SET released_ore = commitment_day.released_ore + excluded.released_ore,
    received_ore = commitment_day.received_ore + excluded.received_ore;
