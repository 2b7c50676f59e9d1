"""Fixtures of the tests about recovery."""

from tests.support.installation import installation, moments

__all__ = ["installation", "moments"]
