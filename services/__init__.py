"""The services, which never import one another, and the command that knows them all."""
