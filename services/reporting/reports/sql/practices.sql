-- What activities share with the network until the end of a day, and who took it home. $1 the day, $2 an area, $3 a
-- plan, each null for all.
SELECT practice.activity, activity.name, activity.area, practice.summary, practice.what_works, practice.shared_on,
       ARRAY(SELECT adoption.activity FROM adoption
             WHERE adoption.source_activity = practice.activity AND adopted_on <= $1 ORDER BY 1) AS adopted_by
FROM practice JOIN activity USING (activity)
WHERE practice.shared_on <= $1 AND ($2::text IS NULL OR activity.area = $2)
  AND ($3::text IS NULL OR activity.plan = $3)
ORDER BY practice.activity;
