"""Whether the reports and the ledger say the same of money."""
