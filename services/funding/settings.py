"""What funding is told from outside."""

from shared.settings import Settings


class FundingSettings(Settings):
    """The settings of funding; it needs none beyond those that every service has."""
