"""The events that the services share: one class each, from which schemas, documents and examples come."""
