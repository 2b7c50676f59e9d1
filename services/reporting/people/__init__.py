"""Who is counted, how they changed and stayed, and what of it may be seen."""
