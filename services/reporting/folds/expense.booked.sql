-- What was spent, by who carries it: the shares are those that the ledger decided.
WITH moved AS (
    INSERT INTO movement (sequence, commitment, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT entry.sequence, share.key, data.incurred_on, 0, 0, 0, share.value::bigint
    FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb, outcome jsonb),
         jsonb_to_record(entry.event -> 'data') AS data(incurred_on date),
         jsonb_each_text(entry.outcome -> 'shares') AS share(key, value)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
)
INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, date_trunc('month', moved_on)::date, 0, 0, 0, sum(spent_ore)
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, month) DO UPDATE SET spent_ore = commitment_month.spent_ore + excluded.spent_ore;
