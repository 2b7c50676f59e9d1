"""An intruder against the releases of many random networks; `python -m tests.attack` runs it."""
