"""The reports of the network, an area and a plan, the annual statement, and what needs attention."""
