-- Fills in the day on which a milestone was reached.
INSERT INTO milestone (plan, milestone, reached_on)
SELECT DISTINCT ON (data.plan, data.milestone) data.plan, data.milestone, data.date
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb),
     jsonb_to_record(entry.event -> 'data') AS data(plan text, milestone text, date date)
ORDER BY data.plan, data.milestone, entry.sequence DESC
ON CONFLICT (plan, milestone) DO UPDATE SET reached_on = excluded.reached_on;
