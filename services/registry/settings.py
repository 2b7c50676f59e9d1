"""What the registry is told from outside."""

from shared.settings import Settings


class RegistrySettings(Settings):
    """The registry's settings; it needs none beyond those that every service has."""
