"""Former participants: how many left, and where they were some months after."""

from collections.abc import Callable
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.people.staying import STATUSES, FollowUp
from services.reporting.releasing.cells import EVERYBODY, Of
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import AnyNumber, FileTable, ReportPart, columns, key, value
from services.reporting.reports.released_people import PeopleCount, share_pct, shown
from services.reporting.words import FOLLOW_UPS, HEADINGS
from shared.events.registry.people import FollowUpStatus

MONTHS_AFTER = key(HEADINGS["months_after"])


class AlumniStatus(TypedDict):
    """Former participants of one status."""

    status: Annotated[FollowUpStatus, key(HEADINGS["status"], words=FOLLOW_UPS)]
    people: Annotated[PeopleCount, value(("Personer", "People"), "number")]
    share_pct: Annotated[AnyNumber | None, value(HEADINGS["share"], "percent")]


class AlumniMonths(TypedDict):
    """Former participants who were followed up so many months after."""

    months_after: Annotated[int, MONTHS_AFTER]
    followed_up: Annotated[PeopleCount, value(HEADINGS["followed_up"], "number")]
    statuses: list[AlumniStatus]


class Alumni(TypedDict):
    """Those who left, and what became of them."""

    left: Annotated[PeopleCount, value(HEADINGS["left"], "number")]
    months: list[AlumniMonths]


def alumni(facts: Facts) -> Alumni:
    """Tell how many left, and where they were so many months after: for every number of months that is told of."""
    if facts.period is None:
        return {"left": shown(0), "months": []}
    days, outside, people = facts.period, facts.outside, facts.people
    if outside is not None:
        followed = outside.followed(days, facts.area)
    else:
        followed = sorted({told.months_after for at, _, told in people if at == days and isinstance(told, FollowUp)})

    def count(name: str, told: FollowUp | None) -> PeopleCount:
        if outside is None:
            return shown(people.get((days, facts.area, told), {}).get("people" if name == "status" else name, 0))
        return outside.figure(name, days, facts.area, _of(told))

    return {"left": count("left", None), "months": [_months(after, count) for after in followed]}


def _months(after: int, count: Callable[[str, FollowUp | None], PeopleCount]) -> AlumniMonths:
    followed_up = count("followed_up", FollowUp(after))
    told = [(status, count("status", FollowUp(after, status))) for status in STATUSES]
    return {
        "months_after": after,
        "followed_up": followed_up,
        "statuses": [
            {"status": status, "people": people, "share_pct": share_pct(people, followed_up)} for status, people in told
        ],
    }


def _of(told: FollowUp | None) -> Of:
    """Give which former participants are meant, as releases call them."""
    if told is None:
        return EVERYBODY
    return ("after", str(told.months_after), *((told.status,) if told.status else ()))


ALUMNI: Final = ReportPart(
    "alumni",
    alumni,
    (
        FileTable("alumni", ("Efter deltagelsen", "After taking part"), ("alumni",), columns(Alumni)),
        FileTable(
            "alumni_months",
            ("Opfulgt efter måneder", "Followed up by months"),
            ("alumni", "months", "*"),
            columns(AlumniMonths),
        ),
        FileTable(
            "alumni_statuses",
            ("Hvor tidligere deltagere er", "Where former participants are"),
            ("alumni", "months", "*", "statuses", "*"),
            (MONTHS_AFTER.at("months_after"), *columns(AlumniStatus)),
        ),
    ),
)
