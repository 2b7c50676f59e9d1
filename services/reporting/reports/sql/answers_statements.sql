-- What was said of annual statements, of all plans in the order in which it was said. No parameter.
SELECT plan, year, state, said_on, auditor_reference, remarks FROM statement_word ORDER BY plan, year, sequence;
