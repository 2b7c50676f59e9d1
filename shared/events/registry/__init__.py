"""The events that the registry owns. Nothing here needs state: rules that do are in the registry's domain."""
