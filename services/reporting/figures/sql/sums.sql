-- What was held and worked by any dimensions: whole months from the rollup, the days at both ends from their own.
-- $1 the spans' numbers, $2 their first days, $3 their last days, $4 whether they are parts of the time, $5 the masks of
-- the margins (area 1, plan 2, effort area 4, activity 8, kind 16, time 32), $6 areas, $7 plans, $8 effort areas, each
-- null for all. What a margin does not tell apart is ''.
WITH scope AS (
    SELECT activity.*, plan.pool FROM activity JOIN plan USING (plan)
    WHERE ($6::text[] IS NULL OR activity.area = ANY ($6)) AND ($7::text[] IS NULL OR activity.plan = ANY ($7))
      AND ($8::text[] IS NULL OR activity.effort_area = ANY ($8))
), span AS (
    SELECT * FROM unnest($1::int[], $2::date[], $3::date[], $4::bool[]) AS span(number, first_day, last_day, is_part)
), margin AS (
    SELECT * FROM unnest($5::int[]) AS margin(mask)
), cut AS (
    SELECT *, (date_trunc('month', first_day - 1) + interval '1 month')::date AS first_whole_month,
           date_trunc('month', last_day + 1)::date AS after_whole_months
    FROM span
), edge AS (
    SELECT number, is_part, first_day, least(first_whole_month - 1, last_day) AS last_day
    FROM cut WHERE first_day < first_whole_month
    UNION ALL
    SELECT number, is_part, greatest(after_whole_months, first_whole_month), last_day
    FROM cut WHERE greatest(after_whole_months, first_whole_month) <= last_day
), held AS (
    SELECT number, is_part, activity, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    FROM cut JOIN activity_month ON month >= first_whole_month AND month < after_whole_months
    UNION ALL
    SELECT number, is_part, activity, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
    FROM edge JOIN activity_day ON day BETWEEN first_day AND last_day
)
SELECT held.number, mask,
       CASE WHEN mask & 1 <> 0 THEN scope.area ELSE '' END AS area,
       CASE WHEN mask & 2 <> 0 THEN scope.plan ELSE '' END AS plan,
       CASE WHEN mask & 4 <> 0 THEN scope.pool ELSE '' END AS pool,
       CASE WHEN mask & 4 <> 0 THEN scope.effort_area ELSE '' END AS effort_area,
       CASE WHEN mask & 8 <> 0 THEN scope.activity ELSE '' END AS activity,
       CASE WHEN mask & 16 <> 0 THEN scope.kind ELSE '' END AS kind,
       sum(sessions)::bigint AS sessions, sum(cancelled_sessions)::bigint AS cancelled_sessions,
       sum(attendances)::bigint AS attendances, sum(participant_hours) AS participant_hours,
       sum(volunteer_hours) AS volunteer_hours
FROM held JOIN scope USING (activity) JOIN margin ON (mask & 32 <> 0) = held.is_part
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8;
