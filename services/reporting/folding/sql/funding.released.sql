-- What may be drawn of a commitment.
WITH moved AS (
    INSERT INTO movement (sequence, commitment, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT event.sequence, event.commitment, event.date, 0, event.amount_ore, 0, 0
    FROM json_to_recordset($1) AS event(sequence bigint, commitment text, amount_ore bigint, date date)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
), monthly AS (
    INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
    SELECT commitment, date_trunc('month', moved_on)::date, 0, sum(released_ore), 0, 0
    FROM moved GROUP BY 1, 2
    ON CONFLICT (commitment, month) DO UPDATE
    SET released_ore = commitment_month.released_ore + excluded.released_ore
)
INSERT INTO commitment_day (commitment, day, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, moved_on, 0, sum(released_ore), 0, 0
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, day) DO UPDATE
SET released_ore = commitment_day.released_ore + excluded.released_ore;
