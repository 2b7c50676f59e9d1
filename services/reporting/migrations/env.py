"""Alembic's entry to the reporting's migrations."""

from services.reporting.models import metadata
from shared.alembic_environment import run_environment

run_environment(metadata)
