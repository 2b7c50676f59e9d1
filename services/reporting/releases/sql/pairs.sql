-- Paired measurements: by the same instrument, in the same course, through the same lens and by the same kind of
-- respondent; counted where the later one was made. Scores are put on a scale from 0 to 100. $1 areas, $2 the release's
-- last day.
WITH on_hundred AS (
    SELECT *, round(100 * (score - scale_min) / (scale_max - scale_min), 6) AS points FROM measurement
)
SELECT activity.area, earlier.lens, earlier.respondent, later.measured_on, participant,
       earlier.points AS before, later.points AS after
FROM on_hundred AS earlier
JOIN on_hundred AS later USING (activity, participant, course, lens, respondent, instrument)
JOIN activity USING (activity) JOIN plan USING (plan)
WHERE earlier.wave = 'before' AND later.wave = 'after' AND activity.area = ANY ($1) AND later.measured_on <= $2
ORDER BY activity.area, earlier.lens, earlier.respondent, later.measured_on, earlier.points, later.points;
