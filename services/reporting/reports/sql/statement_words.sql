-- All that was said of a plan's annual statements, in order. $1 the plan.
SELECT year, state, said_on, auditor_reference, remarks, explanations::text AS explanations
FROM statement_word WHERE plan = $1 ORDER BY year, sequence;
