"""Alembic's entry to the migrations of access."""

from services.access.models import metadata
from shared.alembic_environment import run_environment

run_environment(metadata)
