"""Reporting: one report over all areas, folded from what the other services log."""
