"""Reporting's two events are tried on the three services together, as reporting's own tests run them."""

from tests.reporting.conftest import system

__all__ = ["system"]
