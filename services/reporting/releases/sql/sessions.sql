-- What was held in a month of an activity: attendances and participant hours, how many came to the session with most,
-- how many sessions, and who came as far as they are known; participant hours of the sessions that have hours.
-- $1 areas, $2 the release's last day.
WITH held AS (
    SELECT area, activity, date_trunc('month', held_on)::date AS month, attendances, session.hours, participants
    FROM session JOIN activity USING (activity) JOIN plan USING (plan)
    WHERE area = ANY ($1) AND started_on <= $2 AND held_on <= $2 AND NOT is_cancelled
), told AS (
    SELECT 'attendances' AS amount, held.*, attendances::numeric AS amounts_to FROM held
    UNION ALL
    SELECT 'participant_hours', held.*, attendances * hours FROM held WHERE hours > 0
), came AS (
    -- In one pass: looked for group by group, those of fifty areas took longer than a statement may.
    SELECT amount, activity, month, array_agg(DISTINCT participant ORDER BY participant) AS people
    FROM told, unnest(participants) AS by_name(participant)
    GROUP BY amount, activity, month
), added AS (
    SELECT amount, area, activity, month, (100 * sum(amounts_to))::bigint AS hundredths, max(attendances) AS at_once,
           count(*) AS sessions
    FROM told GROUP BY amount, area, activity, month
)
SELECT amount, area, activity, month, hundredths, at_once, sessions, coalesce(people, '{}') AS people
FROM added LEFT JOIN came USING (amount, activity, month)
ORDER BY area, amount, activity, month;
