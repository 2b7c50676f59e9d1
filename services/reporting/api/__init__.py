"""Reporting's read routes, one module per theme."""

from typing import Final

from services.reporting.api import exporting, feed, figures, published, rebuilding, reports

# A report as a file has the longer path, and so comes before the report of an area of that name.
ROUTERS: Final = (
    exporting.router,
    figures.router,
    feed.router,
    reports.router,
    published.router,
    rebuilding.router,
)
