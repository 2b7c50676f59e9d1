"""Reporting's read routes, one module per theme."""

from typing import Final

from fastapi import APIRouter

from services.reporting.api import rebuilding, reports

router: Final = APIRouter()
router.include_router(reports.router)
router.include_router(rebuilding.router)
