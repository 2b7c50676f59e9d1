-- An approved budget says what each line is for, which holds whatever came later; what it changed, the ledger decided.
WITH posted AS (
    SELECT event.sequence, event.plan, event.lines, event.approval_reference,
           left(event.stated, 10)::date AS approved_on, event.outcome -> 'changes' AS changes
    FROM json_to_recordset($1)
         AS event(sequence bigint, plan text, lines jsonb, approval_reference text, stated text, outcome jsonb)
), named AS (
    INSERT INTO budget_line (plan, line, effort_area, cost_type, year, sequence)
    SELECT DISTINCT ON (posted.plan, item.line)
           posted.plan, item.line, item.effort_area, item.cost_type, item.year, posted.sequence
    FROM posted, jsonb_to_recordset(posted.lines) AS item(line text, effort_area text, cost_type text, year int)
    ORDER BY posted.plan, item.line, posted.sequence DESC
    ON CONFLICT (plan, line) DO UPDATE
    SET effort_area = excluded.effort_area, cost_type = excluded.cost_type, year = excluded.year,
        sequence = excluded.sequence
    WHERE budget_line.sequence < excluded.sequence
)
INSERT INTO budget_version (plan, sequence, kind, approval_reference, approved_on, changes)
SELECT plan, sequence, 'approved', approval_reference, approved_on, coalesce(changes, '{}') FROM posted
ON CONFLICT (plan, sequence) DO NOTHING;
