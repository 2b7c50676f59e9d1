"""Events as a sender would write them, with readable defaults. Owns no rule: what is built here may be refused.

Every builder takes the fields of the event's data by name, and gives an event with an id of its own.
"""

import itertools
import re
from datetime import UTC, datetime
from typing import Any

import orjson

from deploy.demo.invented import invented
from shared.events.catalogue import CATALOGUES, Posted
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX, CloudEvent, Owner
from shared.events.text_fields import PSEUDONYMS
from shared.pseudonyms import is_pseudonym

Json = dict[str, Any]

AREA = "urbanplanen"
OTHER_AREA = "gellerupparken"
PLAN = "amagerplanen"
ACTIVITY = "lektiecafe"
POOL = "2019-26"
AFTER_ALL = datetime(2100, 1, 1, tzinfo=UTC)
# When everything is said, unless it happened later.
SHORT_NAME = re.compile(r"[a-z][a-z0-9/-]*")
STATED = "2025-08-01T08:00:00Z"

_numbers = itertools.count(1)


def an_event(name: str, data: Json, *, source: str = "/network", identifier: str | None = None) -> Json:
    """Make any event; `identifier` is its id, one of its own where none is given."""
    return {
        "specversion": "1.0",
        "id": identifier or f"event-{next(_numbers)}",
        "source": source,
        "type": f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}",
        "time": _stated(data),
        "data": of_people(data),
    }


def of_people(data: Json) -> Json:
    """Give data in which people, whom tests name in short, are known by their pseudonyms."""
    found = dict(data)
    for field in data.keys() & PSEUDONYMS:
        value = data[field]
        found[field] = person(value) if isinstance(value, str) else value and [person(name) for name in value]
    if found.get("absent"):
        found["absent"] = [of_people(absence) for absence in found["absent"]]
    return found


def person(name: str) -> str:
    """Give the pseudonym of somebody whom a test names in short; anything else, a pseudonym too, is what it is."""
    return invented(name) if SHORT_NAME.fullmatch(name) and not is_pseudonym(name) else name


def _stated(data: Json) -> str:
    """Give when an event is said: on the evening of the day that it tells of, if that is late."""
    day = data.get("date") or data.get("incurred_on") or f"{data.get('year', 2000)}-01-01"
    return max(STATED, f"{day}T20:00:00Z")


def an_area(area: str = AREA, **changes: Any) -> Json:
    """The network registers an area."""
    data = {"area": area, "name": area.capitalize(), "municipality": "Københavns Kommune", **changes}
    return an_event("area.registered", data)


def a_pool(pool: str = POOL, **changes: Any) -> Json:
    """The network defines a funding period."""
    data = {
        "pool": pool,
        "name": f"Puljen {pool}",
        "start": "2019-01-01",
        "end": "2026-12-31",
        "effort_areas": [{"effort_area": "uddannelse-og-livschancer", "name": "Uddannelse og livschancer"}],
        **changes,
    }
    return an_event("pool.defined", data)


def an_organisation(organisation: str = "boligforening", **changes: Any) -> Json:
    """The network registers an organisation."""
    data = {
        "organisation": organisation,
        "name": "Boligforeningen",
        "kind": "housing_organisation",
        **changes,
    }
    return an_event("organisation.registered", data)


def a_plan(plan: str = PLAN, **changes: Any) -> Json:
    """The network approves a plan of 48 months for one area."""
    data = {
        "plan": plan,
        "name": plan.capitalize(),
        "pool": POOL,
        "areas": [AREA],
        "start": "2025-08-01",
        "end": "2029-07-31",
        "approval_reference": "LBF 2025-1",
        **changes,
    }
    return an_event("plan.approved", data)


def an_activity(activity: str = ACTIVITY, *, source: str | None = None, **changes: Any) -> Json:
    """The area plans an activity of one school year."""
    data = {
        "activity": activity,
        "plan": PLAN,
        "area": AREA,
        "name": activity.capitalize(),
        "kind": "homework-cafe",
        "effort_area": "uddannelse-og-livschancer",
        "start": "2025-08-01",
        "end": "2026-06-30",
        **changes,
    }
    return an_event("activity.planned", data, source=source or f"/areas/{data['area']}")


def a_start(activity: str = ACTIVITY, *, date: str = "2025-09-01", area: str = AREA) -> Json:
    """The area says that an activity has begun."""
    return an_event("activity.started", {"activity": activity, "date": date}, source=f"/areas/{area}")


def an_end(activity: str = ACTIVITY, *, date: str = "2026-05-31", area: str = AREA) -> Json:
    """The area says that an activity is over."""
    return an_event("activity.ended", {"activity": activity, "date": date}, source=f"/areas/{area}")


def an_enrolment(participant: str = "p-1", activity: str = ACTIVITY, *, area: str = AREA, **changes: Any) -> Json:
    """A participant of 15 to 17 years joins an activity."""
    data = {
        "activity": activity,
        "participant": participant,
        "date": "2025-09-10",
        "age_band": "15-17",
        "consent": {"reference": "samtykke-1", "guardian": False},
        **changes,
    }
    return an_event("participant.enrolled", data, source=f"/areas/{area}")


def an_attendance(session: str = "session-1", activity: str = ACTIVITY, *, area: str = AREA, **changes: Any) -> Json:
    """The area records how many came to one session; name `participants` to record who."""
    data = {"activity": activity, "session": session, "date": "2025-09-15", **changes}
    if "participants" not in changes:
        data = {"headcount": 12, **data}
    return an_event("attendance.recorded", data, source=f"/areas/{area}")


def a_running_activity(activity: str = ACTIVITY, **changes: Any) -> list[Json]:
    """All that is needed before somebody can enrol: area, plan, activity, its start."""
    return [an_area(), a_plan(), an_activity(activity, **changes), a_start(activity)]


def a_commitment(commitment: str = "tilsagn-1", **changes: Any) -> Json:
    """A funder commits an amount to a plan."""
    data = {
        "commitment": commitment,
        "plan": PLAN,
        "funder": "landsbyggefonden",
        "funder_kind": "landsbyggefonden",
        "amount_ore": 2_100_000_000,
        "reference": "LBF 2025-1",
        "date": "2025-06-01",
        **changes,
    }
    return an_event("funding.committed", data)


def an_expense(expense: str = "udgift-1", **changes: Any) -> Json:
    """The area books an expense of a plan."""
    data = {
        "expense": expense,
        "plan": PLAN,
        "area": AREA,
        "line": "wages",
        "amount_ore": 1_234_567,
        "incurred_on": "2025-09-30",
        "voucher": "B-1001",
        "text": "Løn september",
        **changes,
    }
    return an_event("expense.booked", data, source=f"/areas/{AREA}")


def body(events: Json | list[Json]) -> bytes:
    """Write one event or a batch as a request's body."""
    return orjson.dumps(events)


def posted(event: Json) -> Posted:
    """Read an event the way intake does, on the day that it tells of; it must be well formed.

    Rules know no clock: they are tried with plans' last days, which lie ahead.
    """
    name = event["type"].removeprefix(TYPE_PREFIX)
    owner: Owner = "funding" if name.startswith(("funding.", "budget.", "expense.", "statement.")) else "registry"
    stated = max(event["time"], _stated(event["data"]))
    (read,), faults = CATALOGUES[owner].read(body(event | {"time": stated}), AFTER_ALL)
    assert not faults
    return read


def typed(event: Json) -> CloudEvent[Any]:
    """Give an event as the rules get it."""
    return posted(event).event
