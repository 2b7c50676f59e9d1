"""Funding's HTTP shapes. Amounts are integer øre. An annual statement is shown as it is drawn up in the domain."""
