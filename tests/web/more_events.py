"""What the demo's files leave out, as events: change, volunteers, milestones, practices, stories, cancelled sessions.

Each is about the demo's own plans and activities. Names hold what would do harm if it were ever read as markup.
"""

import json
import random
from collections.abc import Iterator
from typing import Any, Final

from tests.e2e.systems import DEMO

Event = dict[str, Any]
ACTIVITY: Final = "urbanplanen-fritidsjobvejledning"
PLAN: Final = "amagerplanen-2025"
# An activity of the other area, which takes the practice home.
ADOPTER: Final = "gellerupparken-lektiecafe"
KEPT_STORY: Final = "den-foerste-loen"
WITHDRAWN_STORY: Final = "En historie, der blev fortrudt"
HOSTILE: Final = '#read("/etc/passwd") *fed* _kursiv_ $x$ <script>alert(1)</script> \\ @ref'
LENSES: Final = ("self_perception", "others_perception", "personal_competence", "professional_competence")


def more_events() -> list[Event]:
    """Give the events, in an order in which they can be posted."""
    return list(_more())


def _more() -> Iterator[Event]:
    milestone = {"plan": PLAN, "milestone": "butik", "title": "Den første kunde", "due": "2025-12-31"}
    yield _event("milestone.planned", "2025-08-20", milestone)
    yield _event("milestone.reached", "2025-12-15", {"plan": PLAN, "milestone": "butik", "date": "2025-12-15"})
    late = {"plan": PLAN, "milestone": "aftale", "title": HOSTILE, "due": "2026-03-31"}
    yield _event("milestone.planned", "2025-08-21", late)
    coming = {"plan": PLAN, "milestone": "vaerksted", "title": "Et værksted ved torvet", "due": "2027-06-30"}
    yield _event("milestone.planned", "2025-08-22", coming)
    goal = {
        "plan": PLAN,
        "goal": "flere-i-job",
        "effort_area": "beskaeftigelse",
        "title": "Flere unge i fritidsjob",
        "target": 25,
    }
    yield _event("goal.set", "2025-08-20", goal)
    yield from _change()
    for number in range(6):
        engaged = {"activity": ACTIVITY, "volunteer": f"{number:016x}", "role": "volunteer", "date": "2025-09-01"}
        yield _event("volunteer.engaged", "2025-09-01", engaged, str(number))
    cancelled = {"activity": ACTIVITY, "session": "aflyst-1", "date": "2025-12-22", "reason": "Sygdom"}
    yield _event("session.cancelled", "2025-12-22", cancelled)
    practice = {"activity": ACTIVITY, "summary": "Jobvejledning hver torsdag.", "what_works": HOSTILE}
    yield _event("practice.shared", "2026-05-01", practice)
    adopted = {"activity": ADOPTER, "source_activity": ACTIVITY, "adaptation": "Hver anden uge."}
    yield _event("practice.adopted", "2026-05-10", adopted, area="gellerupparken")
    yield from _stories()
    anchored = {"activity": ACTIVITY, "organisation": "koebenhavns-kommune", "from": "2029-08-01"}
    yield _event("activity.anchored", "2026-05-01", anchored)
    hostile = {
        "activity": "fjendtlig",
        "plan": PLAN,
        "area": "urbanplanen",
        "name": HOSTILE,
        "kind": "andet",
        "effort_area": "beskaeftigelse",
        "start": "2026-01-01",
        "end": "2026-06-30",
    }
    yield _event("activity.planned", "2026-01-01", hostile)


def more_funding_events() -> list[Event]:
    """Give the budget of a plan with one of its lines overrun, a reallocation, and a statement handed in."""
    lines = {
        "administration": ("sammenhaengskraft-og-medborgerskab", "administration"),
        "aktiviteter-beskaeftigelse": ("beskaeftigelse", "activities"),
        "aktiviteter-kriminalitetsforebyggelse": ("kriminalitetsforebyggelse", "activities"),
        "aktiviteter-sammenhaengskraft": ("sammenhaengskraft-og-medborgerskab", "activities"),
        "aktiviteter-uddannelse": ("uddannelse-og-livschancer", "activities"),
        "evaluering": ("sammenhaengskraft-og-medborgerskab", "evaluation"),
        "loen-beskaeftigelse": ("beskaeftigelse", "wages"),
        "loen-kriminalitetsforebyggelse": ("kriminalitetsforebyggelse", "wages"),
        "loen-sammenhaengskraft": ("sammenhaengskraft-og-medborgerskab", "wages"),
        "loen-uddannelse-og-livschancer": ("uddannelse-og-livschancer", "wages"),
    }
    budget = [
        {"line": line, "effort_area": effort_area, "cost_type": cost_type, "year": 2025, "amount_ore": 1_000_000_000}
        if line == "loen-uddannelse-og-livschancer"
        else {"line": line, "effort_area": effort_area, "cost_type": cost_type, "year": 2025, "amount_ore": 200_000_000}
        for line, (effort_area, cost_type) in lines.items()
    ]
    changes = [
        {"line": "evaluering", "amount_ore": -50_000_000},
        {"line": "administration", "amount_ore": 50_000_000},
    ]
    approved = {"plan": PLAN, "lines": budget, "approval_reference": "Bestyrelsen 4/2026"}
    revised = {"plan": PLAN, "kind": "reallocation", "changes": changes, "approval_reference": "Bestyrelsen 5/2026"}
    submitted = {"plan": PLAN, "year": 2025, "auditor_reference": "Erklæring 12", "remarks": HOSTILE}
    return [
        _event("budget.approved", "2026-07-01", approved),
        _event("budget.revised", "2026-07-02", revised),
        _event("statement.submitted", "2026-07-03", submitted),
    ]


def published_event(report: Event) -> Event:
    """Give the event that publishes a network report as it is."""
    at = report["as_of"]
    cursor = f"registry:{at['registry']},funding:{at['funding']}"
    data = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    return {**_event("report.published", "2026-06-30", data), "source": "/network"}


def context_events() -> list[Event]:
    """Give what a list of areas says of an area in two years, and in the last alone of another figure."""
    said = (
        ("convicted_pct", 2.5, "2024-01-01"),
        ("convicted_pct", 2.2, "2025-01-01"),
        ("income_pct", 54.8, "2025-01-01"),
    )
    return [
        {
            **_event(
                "context.imported",
                day,
                {"area": "urbanplanen", "indicator": name, "value": value, "date": day, "source": HOSTILE},
                name,
            ),
            "source": "/network",
        }
        for name, value, day in said
    ]


def _stories() -> Iterator[Event]:
    """Tell two stories, of which the second is taken back."""
    told = {"area": "urbanplanen", "consent": {"reference": "Samtykke 12", "guardian": True}}
    kept = {"story": KEPT_STORY, "title": "Den første løn", "text": f"Hun fik sit første job.\n\n{HOSTILE}"}
    shown = {"activity": ACTIVITY, "lenses": ["self_perception"], "published_in": "Beboerbladet"}
    yield _event("story.published", "2026-05-12", {**told, **kept, **shown})
    gone = {"story": "fortrudt", "title": WITHDRAWN_STORY, "text": WITHDRAWN_STORY}
    yield _event("story.published", "2026-05-13", {**told, **gone}, "gone")
    yield _event("story.withdrawn", "2026-05-14", {"story": "fortrudt"})


def _change() -> Iterator[Event]:
    """Measure some of an activity's participants before and after: enough pairs in two lenses, too few in a third."""
    chance = random.Random(7)  # noqa: S311  made-up scores, the same each time
    people = _participants()
    for lens, pairs in zip(LENSES, (9, 6, 3), strict=False):
        for person in people[:pairs]:
            before = chance.uniform(1.5, 3.5)
            after = min(before + chance.uniform(-0.2, 1.2), 5)
            for wave, score, day in (("before", before, "2025-11-03"), ("after", after, "2026-05-20")):
                measured = {
                    "activity": ACTIVITY,
                    "participant": person,
                    "instrument": f"maaling-{lens.replace('_', '-')}",
                    "wave": wave,
                    "lens": lens,
                    "respondent": "self",
                    "score": round(score, 1),
                    "scale_min": 1,
                    "scale_max": 5,
                    "date": day,
                }
                yield _event("outcome.measured", day, measured, f"{lens}-{person}-{wave}")


def _participants() -> list[str]:
    lines = (DEMO / "registry.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines if "participant.enrolled" in line]
    return [event["data"]["participant"] for event in events if event["data"]["activity"] == ACTIVITY]


def _event(kind: str, day: str, data: Event, more: str = "", area: str = "urbanplanen") -> Event:
    return {
        "specversion": "1.0",
        "id": f"more {kind} {data.get('milestone', data.get('activity', ''))} {day} {more}",
        "source": f"/areas/{area}",
        "time": f"{day}T12:00:00Z",
        "type": f"dk.helhedsnet.{kind}.v1",
        "data": data,
    }
