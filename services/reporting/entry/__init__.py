"""What people register on pages: forms drawn from the events themselves, rosters, and what an area has to see to."""
