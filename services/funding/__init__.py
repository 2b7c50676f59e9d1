"""The funding ledger: who committed what to a plan, what came in and where it went."""
