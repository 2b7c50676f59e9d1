-- Goals, each with its assessments up to a year. $1 an area, $2 a plan, each null for all, $3 the year.
SELECT goal.plan, goal.goal, goal.effort_area, goal.title, goal.indicator, goal.baseline, goal.target,
       goal.measure::text AS measure,
       coalesce(jsonb_agg(jsonb_build_object('year', assessment.year, 'attainment', attainment, 'value', value,
                                             'comment', comment) ORDER BY assessment.year)
                FILTER (WHERE assessment.year IS NOT NULL), '[]')::text AS assessments
FROM goal JOIN plan ON plan.plan = goal.plan LEFT JOIN assessment ON assessment.plan = goal.plan AND assessment.goal = goal.goal
     AND assessment.year <= $3
WHERE ($1::text IS NULL OR plan.areas @> ARRAY[$1]) AND ($2::text IS NULL OR plan.plan = $2)
GROUP BY goal.plan, goal.goal ORDER BY goal.plan, goal.goal;
