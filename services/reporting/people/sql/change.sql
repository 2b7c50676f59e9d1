-- Paired change: who was measured before and after, by the same instrument, in the same course, through the same lens
-- and by the same kind of respondent; counted where the later measurement was made. Scores are put on a scale from 0 to
-- 100, so that instruments can stand together. $1 the spans' numbers, $2 their first days, $3 their last days, $4 an
-- area or null for all, $5 a plan or null for all.
WITH span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), on_hundred AS (
    SELECT *, 100 * (score - scale_min) / (scale_max - scale_min) AS points FROM measurement
), pair AS (
    SELECT activity.area, earlier.lens, earlier.respondent, later.measured_on,
           earlier.points AS before, later.points AS after
    FROM on_hundred AS earlier
    JOIN on_hundred AS later USING (activity, participant, course, lens, respondent, instrument)
    JOIN activity USING (activity) JOIN plan USING (plan)
    WHERE earlier.wave = 'before' AND later.wave = 'after' AND ($4::text IS NULL OR activity.area = $4)
      AND ($5::text IS NULL OR activity.plan = $5)
)
SELECT span.number, pair.area, pair.lens, pair.respondent, count(*) AS pairs,
       sum(round(before, 6)) AS before, sum(round(after, 6)) AS after,
       sum((round(after, 6) - round(before, 6)) * (round(after, 6) - round(before, 6))) AS squares
FROM pair JOIN span ON measured_on BETWEEN first_day AND last_day
GROUP BY span.number, pair.area, pair.lens, pair.respondent
ORDER BY span.number, pair.area, pair.lens, pair.respondent;
