-- A score is a fact. The course is the one that the registry found the participant in; '' where there is none.
INSERT INTO measurement (activity, participant, course, lens, respondent, wave, sequence, measured_on,
                         instrument, score, scale_min, scale_max)
SELECT data.activity, data.participant, coalesce(entry.outcome ->> 'course', ''), data.lens, data.respondent, data.wave,
       entry.sequence, data.date, data.instrument, data.score, data.scale_min, data.scale_max
FROM jsonb_to_recordset($1) AS entry(sequence bigint, event jsonb, outcome jsonb),
     jsonb_to_record(entry.event -> 'data')
     AS data(activity text, participant text, lens text, respondent text, wave text, date date,
             instrument text, score numeric, scale_min numeric, scale_max numeric)
ON CONFLICT (activity, participant, course, lens, respondent, wave) DO NOTHING;
