-- What the budget lines of some plans are for. $1 the plans.
SELECT plan, line, effort_area, cost_type, year FROM budget_line WHERE plan = ANY ($1::text[]) ORDER BY plan, line;
