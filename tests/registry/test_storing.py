"""What the registry stores of sessions stands there as it was said."""

import httpx
from fastapi import FastAPI

from shared.http.state import state_in
from tests.conftest import Bearer
from tests.registry.test_erasing import Post
from tests.support import builders as b

CAME = [b.person("one"), b.person("two")]


async def test_a_session_stands_as_it_was_said(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """With names in their order, with a list of nobody, which is no headcount, with a headcount, hours or none."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    cancelled = {"activity": b.ACTIVITY, "session": "off", "date": "2025-10-05", "reason": "Ferie"}
    await post(
        *b.a_running_activity(),
        *map(b.an_enrolment, CAME),
        b.an_attendance("named", participants=CAME, hours=2.5),
        b.an_attendance("nobody", participants=[], hours=None),
        b.an_attendance("counted", headcount=12, hours=0.25),
        b.an_attendance("empty", headcount=0, hours=24),
        b.an_event("session.cancelled", cancelled, source=f"/areas/{b.AREA}"),
    )
    rows = await pool.fetch(
        "SELECT session, participants, headcount, hours::text, cancelled FROM attendance ORDER BY sequence"
    )
    assert list(map(tuple, rows)) == [
        ("named", CAME, None, "2.50", False),
        ("nobody", [], None, None, False),
        ("counted", None, 12, "0.25", False),
        ("empty", None, 0, "24.00", False),
        ("off", None, None, None, True),
    ]
