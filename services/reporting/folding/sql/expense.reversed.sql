-- What was spent and taken back: the outcome holds the shares, below zero, and the day it is booked under.
WITH posted AS (
    SELECT DISTINCT ON (event.expense) event.sequence, event.expense, event.reversal,
           (event.outcome ->> 'booked_on')::date AS reversed_on, event.outcome
    FROM json_to_recordset($1) AS event(sequence bigint, expense text, reversal text, outcome jsonb)
    ORDER BY event.expense, event.sequence
), voucher AS (
    INSERT INTO expense (expense, reversal, reversed_on, reversed_sequence)
    SELECT expense, reversal, reversed_on, sequence FROM posted
    ON CONFLICT (expense) DO UPDATE
    SET reversal = excluded.reversal, reversed_on = excluded.reversed_on,
        reversed_sequence = excluded.reversed_sequence
    WHERE expense.reversal IS NULL
    RETURNING plan, line, area, coalesce(activity, '') AS activity, amount_ore, reversed_on
), rolled AS (
    INSERT INTO line_month (plan, line, area, activity, month, spent_ore)
    SELECT plan, line, area, activity, date_trunc('month', reversed_on)::date, -sum(amount_ore)
    FROM voucher WHERE plan IS NOT NULL AND reversed_on IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (plan, line, area, activity, month) DO UPDATE
    SET spent_ore = line_month.spent_ore + excluded.spent_ore
), moved AS (
    INSERT INTO movement (sequence, commitment, fact, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT posted.sequence, share.key, posted.expense, posted.reversed_on, 0, 0, 0, share.value::bigint
    FROM posted, jsonb_each_text(posted.outcome -> 'shares') AS share(key, value)
    ON CONFLICT (sequence, commitment) DO NOTHING
    RETURNING *
), monthly AS (
    INSERT INTO commitment_month (commitment, month, committed_ore, released_ore, received_ore, spent_ore)
    SELECT commitment, date_trunc('month', moved_on)::date, 0, 0, 0, sum(spent_ore)
    FROM moved GROUP BY 1, 2
    ON CONFLICT (commitment, month) DO UPDATE SET spent_ore = commitment_month.spent_ore + excluded.spent_ore
)
INSERT INTO commitment_day (commitment, day, committed_ore, released_ore, received_ore, spent_ore)
SELECT commitment, moved_on, 0, 0, 0, sum(spent_ore)
FROM moved GROUP BY 1, 2
ON CONFLICT (commitment, day) DO UPDATE SET spent_ore = commitment_day.spent_ore + excluded.spent_ore;
