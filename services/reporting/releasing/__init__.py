"""Releases: what readers outside an area are told of people, month by month. Pure."""
