"""What the services share: events, the backbone between them, and their HTTP side."""
