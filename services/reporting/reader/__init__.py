"""Who asks, for what, since when, and how long until it is there."""
