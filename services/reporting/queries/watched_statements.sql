-- Where annual statements stand.
SELECT plan, year, state FROM statement ORDER BY plan, year;
