-- Each word on a year's statement is a fact; where it stands follows from all of them. Its day is the sender's own.
INSERT INTO statement_word (plan, year, sequence, state, said_on, auditor_reference, remarks, explanations)
SELECT data.plan, data.year, entry.sequence, split_part(entry.event ->> 'type', '.', 4),
       left(entry.event ->> 'time', 10)::date, data.auditor_reference, data.remarks,
       (SELECT coalesce(jsonb_object_agg(item ->> 'line', item ->> 'text'), '{}')
        FROM jsonb_array_elements(data.explanations) AS item)
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(plan text, year int, auditor_reference text, remarks text, explanations jsonb)
ON CONFLICT (plan, year, sequence) DO NOTHING;
