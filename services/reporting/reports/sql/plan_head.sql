-- What a plan's own report begins with, beside what every report says of it. $1 the plan.
SELECT pool.start_on AS pool_start_on, pool.end_on AS pool_end_on, plan_close.closed_on
FROM plan LEFT JOIN pool USING (pool) LEFT JOIN plan_close USING (plan) WHERE plan = $1;
