-- What a release's months follow from: the first day of a plan or an activity, and the last that any event of the
-- registry concerns.
SELECT least((SELECT min(start_on) FROM plan), (SELECT min(started_on) FROM activity)) AS first_day,
       (SELECT last_fact_on FROM freshness WHERE owner = 'registry') AS last_day;
