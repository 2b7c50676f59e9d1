"""Reads what takes its time: drawings and documents are made when they are first asked for."""

from typing import Final

import httpx

from tests.e2e.systems import System

PATIENCE_SECONDS: Final = 90


def get(system: System, path: str) -> httpx.Response:
    """Read a path of a system as a lead, patiently."""
    headers = {"Authorization": f"Bearer {system.token()}"}
    return httpx.get(f"{system.address}{path}", headers=headers, timeout=PATIENCE_SECONDS)
