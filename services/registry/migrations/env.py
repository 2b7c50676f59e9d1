"""Alembic's entry to the registry's migrations."""

from services.registry.models import metadata
from shared.alembic_environment import run_environment

run_environment(metadata)
