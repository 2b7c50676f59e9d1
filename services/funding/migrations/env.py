"""Alembic's entry to the funding's migrations."""

from services.funding.models import metadata
from shared.alembic_environment import run_environment

run_environment(metadata)
