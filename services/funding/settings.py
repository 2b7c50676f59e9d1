"""What funding is told from outside."""

from shared.settings import Settings


class FundingSettings(Settings):
    """Funding's settings; it needs none beyond those that every service has."""
