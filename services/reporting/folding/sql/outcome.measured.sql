-- A score is a fact. The course is the one that the registry found the participant in; '' where there is none.
INSERT INTO measurement (activity, participant, course, lens, respondent, wave, sequence, measured_on,
                         instrument, score, scale_min, scale_max)
SELECT event.activity, event.participant, coalesce(event.outcome ->> 'course', ''), event.lens, event.respondent,
       event.wave, event.sequence, event.date, event.instrument, event.score, event.scale_min, event.scale_max
FROM json_to_recordset($1)
     AS event(sequence bigint, activity text, participant text, lens text, respondent text, wave text, date date,
              instrument text, score numeric, scale_min numeric, scale_max numeric, outcome jsonb)
ON CONFLICT (activity, participant, course, lens, respondent, wave) DO NOTHING;
