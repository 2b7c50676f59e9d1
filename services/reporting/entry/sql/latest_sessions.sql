-- The sessions of areas of which something was said last, the newest word first. $1 areas, $2 how many.
SELECT session.activity, coalesce(activity.name, session.activity) AS name, session.session, held_on, is_cancelled,
       attendances
FROM session JOIN activity USING (activity)
WHERE activity.area = ANY ($1)
ORDER BY session.sequence DESC
LIMIT $2;
