"""What carries events between the services: the log, the relay, the consumer and the write path."""
