"""Reporting's read routes, one module per theme."""

from typing import Final

from fastapi import APIRouter

from services.reporting.api import exporting, feed, figures, published, rebuilding, reports

router: Final = APIRouter()
# A report as a file has the longer path, and so comes before the report of an area of that name.
router.include_router(exporting.router)
router.include_router(feed.router)
router.include_router(figures.router)
router.include_router(reports.router)
router.include_router(published.router)
router.include_router(rebuilding.router)
