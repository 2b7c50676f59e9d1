-- Where annual statements stand: the latest word on each.
SELECT DISTINCT ON (plan, year) plan, year, state, said_on, remarks
FROM statement_word ORDER BY plan, year, sequence DESC;
