-- The whole of what there is: from the first plan's first day to the latest day that any event concerns.
SELECT (SELECT min(start_on) FROM plan) AS first_day, (SELECT max(last_fact_on) FROM freshness) AS last_day;
