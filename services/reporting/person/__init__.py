"""What is held of one person, in the registry and here, for the area's own coordinators."""
