"""Reporting's read routes, one module per theme."""

from typing import Final

from services.reporting.api import exporting, feed, figures, published, rebuilding, reports

# Those asked for most come first: a request tries one route after the other.
ROUTERS: Final = (
    reports.router,
    exporting.router,
    figures.router,
    feed.router,
    feed.following,
    published.router,
    rebuilding.router,
)
