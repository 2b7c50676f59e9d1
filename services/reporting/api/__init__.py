"""Reporting's read routes, one module per theme."""

from typing import Final

from fastapi import APIRouter

from services.reporting.api import reports

router: Final = APIRouter()
router.include_router(reports.router)
