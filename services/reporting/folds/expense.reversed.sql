-- What was spent and taken back: the outcome holds the shares, below zero, and the day it is booked under.
WITH moved AS (
    INSERT INTO movement (sequence, commitment, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT entry.sequence, share.key, (entry.outcome ->> 'booked_on')::date, 0, 0, 0, share.value::bigint
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, outcome jsonb),
         jsonb_each_text(entry.outcome -> 'shares') AS share(key, value)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
)
INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, date_trunc('month', moved_on)::date, 0, 0, 0, sum(spent_ore)
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, month) DO UPDATE SET spent_ore = commitment_month.spent_ore + excluded.spent_ore;
