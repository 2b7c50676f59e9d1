-- The plans whose accounts a ground is of, with their names and areas. $1 an area, $2 a plan, $3 a commitment, each null for all.
SELECT plan, name, areas FROM plan
WHERE ($1::text IS NULL OR areas @> ARRAY[$1]) AND ($2::text IS NULL OR plan = $2)
  AND ($3::text IS NULL OR plan = (SELECT commitment.plan FROM commitment WHERE commitment = $3))
ORDER BY plan;
