"""The registry's HTTP shapes."""
