-- Each word on a year's statement is a fact; where it stands follows from all of them. Its day is the sender's own.
INSERT INTO statement_word (plan, year, sequence, state, said_on, auditor_reference, remarks, explanations)
SELECT event.plan, event.year, event.sequence, split_part(event.type, '.', 4),
       left(event.stated, 10)::date, event.auditor_reference, event.remarks,
       (SELECT coalesce(jsonb_object_agg(item ->> 'line', item ->> 'text'), '{}')
        FROM jsonb_array_elements(event.explanations) AS item)
FROM json_to_recordset($1)
     AS event(sequence bigint, plan text, year int, auditor_reference text, remarks text, explanations jsonb,
              stated text, type text)
ON CONFLICT (plan, year, sequence) DO NOTHING;
