"""Reports made again as they were at a place of the logs, to hold a file against (ADR 145)."""
