-- What was spent: the voucher, by line and month, and by who carries it: the shares are those that the ledger decided.
WITH posted AS (
    SELECT DISTINCT ON (event.expense) event.*
    FROM json_to_recordset($1)
         AS event(sequence bigint, expense text, plan text, area text, activity text, line text, amount_ore bigint,
                  incurred_on date, voucher text, text text, outcome jsonb)
    ORDER BY event.expense, event.sequence
), voucher AS (
    INSERT INTO expense (expense, plan, area, activity, line, amount_ore, incurred_on, voucher, text, booked_sequence)
    SELECT expense, plan, area, activity, line, amount_ore, incurred_on, voucher, text, sequence FROM posted
    ON CONFLICT (expense) DO UPDATE
    SET plan = excluded.plan, area = excluded.area, activity = excluded.activity, line = excluded.line,
        amount_ore = excluded.amount_ore, incurred_on = excluded.incurred_on, voucher = excluded.voucher,
        text = excluded.text, booked_sequence = excluded.booked_sequence
    WHERE expense.plan IS NULL
    RETURNING plan, line, area, coalesce(activity, '') AS activity, amount_ore, incurred_on, reversed_on
), spent AS (
    SELECT plan, line, area, activity, date_trunc('month', incurred_on)::date AS month, amount_ore FROM voucher
    UNION ALL
    -- Its reversal was heard of before.
    SELECT plan, line, area, activity, date_trunc('month', reversed_on)::date, -amount_ore FROM voucher
    WHERE reversed_on IS NOT NULL
), rolled AS (
    INSERT INTO line_month (plan, line, area, activity, month, spent_ore)
    SELECT plan, line, area, activity, month, sum(amount_ore) FROM spent GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (plan, line, area, activity, month) DO UPDATE
    SET spent_ore = line_month.spent_ore + excluded.spent_ore
), moved AS (
    INSERT INTO movement (sequence, commitment, fact, moved_on, committed_ore, released_ore, received_ore, spent_ore)
    SELECT posted.sequence, share.key, posted.expense, posted.incurred_on, 0, 0, 0, share.value::bigint
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
