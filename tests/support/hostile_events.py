"""What the demo has none of, as events: names and texts that would do harm if they were ever read as markup."""

from collections.abc import Iterator
from typing import Any, Final

Event = dict[str, Any]
ACTIVITY: Final = "urbanplanen-fritidsjobvejledning"
PLAN: Final = "amagerplanen-2023"
# Its statement of 2025 came back, so it can be handed in again.
OTHER_PLAN: Final = "gellerup-toveshoej-2023"
# An activity that is shared in words with emoji, and a budget line of the plan's.
LETTERED: Final = "urbanplanen-gadeidraet"
LINE: Final = "loen-uddannelse-og-livschancer-2026"
# An activity of the other area, which takes the practice home.
ADOPTER: Final = "gellerupparken-lektiecafe"
KEPT_STORY: Final = "den-foerste-loen"
WITHDRAWN_STORY: Final = "En historie, der blev fortrudt"
HOSTILE: Final = '#read("/etc/passwd") *fed* _kursiv_ $x$ <script>alert(1)</script> \\ @ref'


def more_events() -> list[Event]:
    """Give a milestone, a practice that is taken home, stories and an activity, in an order for posting."""
    return list(_more())


def _more() -> Iterator[Event]:
    milestone = {"plan": PLAN, "milestone": "aftale", "title": HOSTILE, "due": "2026-03-31"}
    yield _event("milestone.planned", "2025-08-21", milestone)
    practice = {"activity": ACTIVITY, "summary": "Jobvejledning hver torsdag.", "what_works": HOSTILE}
    yield _event("practice.shared", "2026-05-01", practice)
    adopted = {"activity": ADOPTER, "source_activity": ACTIVITY, "adaptation": "Hver anden uge."}
    yield _event("practice.adopted", "2026-05-10", adopted, area="gellerupparken")
    emoji = {"activity": LETTERED, "summary": "Fodbold ⚽ og fællesskab 🇩🇰", "what_works": "1️⃣ Mød op 2️⃣ Spil"}
    yield _event("practice.shared", "2026-05-02", emoji)
    yield from _stories()
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
    """Give an annual statement that is handed in again, with such remarks, and an expense that is taken back."""
    booked = {
        "expense": "bilag-med-emoji",
        "plan": PLAN,
        "area": "urbanplanen",
        "line": LINE,
        "amount_ore": 12_500,
        "incurred_on": "2026-10-01",
        "voucher": "Bilag ⚽",
        "text": "Bilag ⚽",
    }
    reversed_ = {
        "expense": "bilag-med-emoji",
        "reversal": "bilag-med-emoji-retur",
        "date": "2026-10-02",
        "reason": "Forkert ⚽",
    }
    submitted = {"plan": OTHER_PLAN, "year": 2025, "auditor_reference": "Erklæring 12", "remarks": HOSTILE}
    return [
        _event("statement.submitted", "2026-09-03", submitted, area="gellerupparken"),
        _event("expense.booked", "2026-10-01", booked),
        _event("expense.reversed", "2026-10-02", reversed_),
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
            ),
            "id": f"more {name} {day}",
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
    yield _event("story.published", "2026-05-13", {**told, **gone})
    yield _event("story.withdrawn", "2026-05-14", {"story": "fortrudt"})


def _event(kind: str, day: str, data: Event, area: str = "urbanplanen") -> Event:
    return {
        "specversion": "1.0",
        "id": f"more {kind} {day}",
        "source": f"/areas/{area}",
        "time": f"{day}T12:00:00Z",
        "type": f"dk.helhedsnet.{kind}.v1",
        "data": data,
    }
