-- What forms let people choose from: what it is, its short name, what it is called, and which of these comes first.
-- $1 the areas whose things are told, null for all.
WITH own_plan AS (
    SELECT plan, name, pool FROM plan WHERE $1::text[] IS NULL OR areas && $1 OR approved_areas && $1
), own_activity AS (
    SELECT activity, coalesce(name, activity) AS name FROM activity
    WHERE plan IS NOT NULL AND ($1::text[] IS NULL OR area = ANY ($1))
)
SELECT 'area' AS kind, area AS code, name FROM area WHERE $1::text[] IS NULL OR area = ANY ($1)
UNION ALL SELECT 'pool', pool, pool FROM pool
UNION ALL SELECT 'plan', plan, name FROM own_plan
UNION ALL SELECT 'effort_area', effort_area, max(name) FROM effort_area
          WHERE $1::text[] IS NULL OR pool IN (SELECT pool FROM own_plan) GROUP BY effort_area
UNION ALL SELECT 'activity', activity, name FROM own_activity
UNION ALL SELECT 'practice', practice.activity, coalesce(activity.name, practice.activity)
          FROM practice JOIN activity USING (activity)
UNION ALL SELECT 'course', course, course || ' (' || own_activity.name || ')' FROM course JOIN own_activity USING (activity)
UNION ALL SELECT 'business', business, business FROM business JOIN own_activity USING (activity)
UNION ALL SELECT 'organisation', organisation, name FROM organisation
UNION ALL SELECT 'goal', goal, title FROM goal JOIN own_plan USING (plan)
UNION ALL SELECT 'milestone', milestone, coalesce(title, milestone) FROM milestone JOIN own_plan USING (plan)
UNION ALL SELECT 'story', story, coalesce(title, story) FROM story
          WHERE title IS NOT NULL AND ($1::text[] IS NULL OR area = ANY ($1))
UNION ALL SELECT 'commitment', commitment, funder || ', ' || reference FROM commitment JOIN own_plan USING (plan)
UNION ALL SELECT DISTINCT 'line', line, line FROM budget_line JOIN own_plan USING (plan)
UNION ALL SELECT 'expense', expense, voucher || ': ' || text FROM expense JOIN own_plan USING (plan)
          WHERE reversed_on IS NULL AND text IS NOT NULL
UNION ALL SELECT DISTINCT 'instrument', instrument, instrument FROM measurement JOIN own_activity USING (activity)
UNION ALL SELECT DISTINCT 'kind', activity.kind, activity.kind FROM activity WHERE activity.kind IS NOT NULL
ORDER BY kind, name, code
LIMIT 20000;
