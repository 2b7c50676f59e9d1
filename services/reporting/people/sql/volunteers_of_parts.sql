-- Unique volunteers by activity, plan or kind of activity, in each span; everybody is known by area and pseudonym.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 what to tell apart: activity, plan, kind; $5 an
-- area, $6 a plan, each null for all.
WITH scope AS (
    SELECT activity, area, ended_on, told.part, told.name
    FROM activity JOIN plan USING (plan),
         LATERAL (VALUES ('activity', activity.activity), ('plan', activity.plan), ('kind', activity.kind))
         AS told(part, name)
    WHERE told.part = ANY($4::text[]) AND ($5::text IS NULL OR activity.area = $5)
      AND ($6::text IS NULL OR activity.plan = $6)
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[]) AS span(number, first_day, last_day)
), engaged AS (
    SELECT scope.area, scope.part, scope.name, taken.volunteer, taken.changed_on AS engaged_on,
           {{volunteering_ended_on}} AS left_on
    FROM volunteering AS taken JOIN scope USING (activity) WHERE taken.is_engaged
)
SELECT span.number, engaged.area, engaged.part, engaged.name, count(DISTINCT engaged.volunteer) AS volunteers
FROM engaged JOIN span ON engaged_on <= last_day AND coalesce(left_on, 'infinity') >= first_day
GROUP BY span.number, area, part, name
ORDER BY span.number, area, part, name;
