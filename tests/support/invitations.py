"""Asks a system for what a test starts from: an invitation, or what is drawn and printed when it is first asked for."""

from typing import Final

import httpx

from tests.support.systems import System, helhedsnet

PATIENCE_SECONDS: Final = 90


def get(system: System, path: str) -> httpx.Response:
    """Read a path of a system as a lead, patiently."""
    headers = {"Authorization": f"Bearer {system.token()}"}
    return httpx.get(f"{system.address}{path}", headers=headers, timeout=PATIENCE_SECONDS)


def invite(system: System, *more: str) -> str:
    """Make an invitation as an operator would, and give what its link carries."""
    made = helhedsnet("invite", "--data", system.data, "--url", system.address, *more)
    assert made.returncode == 0, made.stderr
    address, _, invitation = made.stdout.strip().partition("?invitation=")
    assert address == f"{system.address}/sign-in"
    return invitation
