"""The events that a figure was folded from, for those who may read them, and a random sample of them."""
