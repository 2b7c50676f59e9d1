"""The parts of reports, one file each: what it holds, how it is told, and which tables files have of it. Pure."""
