"""The events that the services share: one class each, from which schema, documents and samples come."""
