"""The ledger's rules: pure functions from loaded state and one event to changed state. No I/O, no framework."""
