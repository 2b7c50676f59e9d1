-- The versions of a plan's budget, the first first. $1 the plan.
SELECT row_number() OVER (ORDER BY sequence)::int AS version, kind, approval_reference, approved_on,
       changes::text AS changes
FROM budget_version WHERE plan = $1 ORDER BY sequence;
