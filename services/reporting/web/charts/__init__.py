"""Charts of a report. Which there are is in `catalogue.py`; whoever shows or prints them asks there."""
