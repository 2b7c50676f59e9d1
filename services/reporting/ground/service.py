"""Telling the events that a figure was folded from, in the rights of whoever asks."""

from typing import Final

from typing_extensions import TypedDict

from services.reporting.folding import position
from services.reporting.ground import store
from services.reporting.ground.rules import OF_PEOPLE, RULE, GroundQuestion, GroundUnit, amount_field, digest
from services.reporting.ground.store import EntryPlace, FoundEvents
from services.reporting.releases import store as release_store
from services.reporting.reports import store as report_store
from services.reporting.terms import Json, Row, number
from shared.accounts import Accounts
from shared.database import Connection, Pool
from shared.errors import Forbidden, NotFound, Unanswerable
from shared.events.every_event import EVENTS

BEGINNING: Final = EntryPlace(-1, "")
# A file holds all events of a figure, up to so many.
MOST_IN_A_FILE: Final = 50_000
LANGUAGES: Final = ("da", "en")
NO_RELEASE: Final = "there is no such release"
NOTHING: Final = "there is no such plan, area or commitment here"
OWNERS: Final = {event.event_name: event.event_owner for event in EVENTS}
# What an event of a ground tells beside what it adds; what it has not is null.
TOLD: Final = ("plan", "commitment", "fact", "voucher", "text", "line", "area", "activity", "reference")


class GroundEvent(TypedDict, total=False):
    """An event, by its place in its owner's log, and what it adds: øre, or a number of people, sessions or hours.

    `key` tells several entries of one event apart. `fact` is what the event is about: an expense, a receipt, a session.
    """

    event: str
    key: str
    type: str
    date: str
    plan: str | None
    commitment: str | None
    fact: str | None
    voucher: str | None
    text: str | None
    line: str | None
    area: str | None
    activity: str | None
    reference: str | None
    amount_ore: int
    amount: int | float


class DrawnSample(TypedDict):
    """How a sample was drawn, so that it can be drawn again."""

    size: int
    seed: str
    rule: str


class InWords(TypedDict):
    """What a figure is called, or its rule, in two languages."""

    da: str
    en: str


class FigurePart(TypedDict, total=False):
    """A figure that another one is made of, and what its events come to; null where the reader does not read them."""

    figure: str
    called: InWords
    rule: InWords
    unit: GroundUnit
    of: dict[str, str]
    period: "GroundPeriod"
    sum_ore: int | None
    sum: int | float | None


class OfRelease(TypedDict):
    """The release that a figure of people is told from."""

    number: int
    month: str


GroundPeriod = TypedDict("GroundPeriod", {"from": str | None, "to": str | None})


class Ground(TypedDict, total=False):
    """The ground of a figure: its rule, what all its events come to, and a page or a sample of them.

    A figure that no events add up to has its rule and the figures that it is made of; so has one from a release.
    """

    called: InWords
    rule: InWords
    made_of: list[FigurePart]
    release: OfRelease | None
    figure: str
    unit: GroundUnit
    of: dict[str, str]
    period: GroundPeriod
    as_of: dict[str, int]
    entries: int
    events: int
    sum_ore: int
    sum: int | float
    digest: str
    sample: DrawnSample | None
    rows: list[GroundEvent]
    next: str | None
    names: dict[str, dict[str, str]]


class Grounds:
    """Leads from figures to their events."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ground(
        self,
        question: GroundQuestion,
        accounts: Accounts,
        own: frozenset[str],
        after: EntryPlace = BEGINNING,
        limit: int = 100,
    ) -> Json:
        """Give a page of the events of a figure, and what all of them come to; of a sample, the whole sample.

        Raises:
            Unanswerable: it cannot be asked so (see `GroundQuestion.check`).
            NotFound: there is no such plan, area or commitment.
            Forbidden: the reader does not read the accounts of each plan meant; or the figure is of people, and it is
                not of an area of the reader's `own`.
        """
        question.check()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            if question.kind == "rule":
                return await _rule(connection, question, accounts, own)
            plans = await _readable(connection, question, accounts, own)
            # One more than the page holds tells whether there is a next one.
            found = await store.events(connection, question, after, limit + 1)
            rows = found.rows if question.sample else found.rows[:limit]
            activities = {row["activity"] for row in rows} - {None}
            names = await report_store.names(connection, activities, plan=question.of.get("plan"))
            return {
                **_head(question, found),
                "as_of": await position.cursor(connection),
                "rows": [_row(row, question.unit) for row in rows],
                "next": _place(rows[-1]) if len(rows) < len(found.rows) else None,
                "names": {**names, "plans": plans},
            }

    async def whole(self, question: GroundQuestion, accounts: Accounts, own: frozenset[str]) -> Json:
        """Give all events of a figure, for a file.

        Raises:
            Unanswerable: there are too many for one file (`too_many_cells`), or as above.
            NotFound, Forbidden: as above.
        """
        told = await self.ground(question, accounts, own, limit=MOST_IN_A_FILE)
        if told["next"] is not None:
            raise Unanswerable(
                "too_many_cells", f"a file holds {MOST_IN_A_FILE} events, not {told['entries']}; ask for fewer days"
            )
        return told


async def _readable(
    connection: Connection, question: GroundQuestion, accounts: Accounts, own: frozenset[str]
) -> dict[str, str]:
    """Give the names of the plans that a question is about, once it is sure that the reader may read of them."""
    plans = await store.plans(connection, question)
    names = {plan["plan"]: plan["name"] for plan in plans}
    if question.kind in OF_PEOPLE:
        if question.of.get("area") not in own:
            raise Forbidden("what people did is told event by event inside their own area alone")
        return names
    if not plans and question.told:
        raise NotFound(NOTHING)
    for plan in plans:
        if question.names_commitment_alone and not accounts.include(plan["areas"]):
            # Whether there is a commitment of this name is for those who read the accounts that it is in.
            raise NotFound(NOTHING)
        accounts.must_include(plan["areas"])
    return names


async def _rule(connection: Connection, question: GroundQuestion, accounts: Accounts, own: frozenset[str]) -> Json:
    """Tell a figure's rule, and what it is made of as far as the reader reads that."""
    head = await release_store.head(connection, question.release) if question.release is not None else None
    if head is None and question.release is not None:
        raise NotFound(NO_RELEASE)
    parts: list[Json] = []
    plans: dict[str, str] = {}
    for part in question.parts():
        total = None
        try:
            plans.update(await _readable(connection, part, accounts, own))
            total = (await store.events(connection, part, BEGINNING, 1)).total
        except (Forbidden, NotFound):
            pass
        parts.append({**_asked(part), _sum_of(part): number(total)})
    named = await report_store.names(connection, set(), plan=question.of.get("plan"))
    return {
        **_asked(question),
        "entries": 0,
        "events": 0,
        "digest": digest(question, 0, [part.get("sum_ore", part.get("sum")) for part in parts]),
        "sample": None,
        "made_of": parts,
        "release": {"number": head.number, "month": f"{head.month:%Y-%m}"} if head else None,
        "as_of": await position.cursor(connection),
        "rows": [],
        "next": None,
        "names": {**named, "plans": plans} if plans else {**named, "plans": plans, "funders": {}},
    }


def _asked(question: GroundQuestion) -> Json:
    return {
        "figure": question.figure,
        "called": dict(zip(LANGUAGES, question.called, strict=True)),
        "unit": question.unit,
        "rule": dict(zip(LANGUAGES, question.rule, strict=True)),
        "of": question.told,
        "period": {
            "from": question.first_day.isoformat() if question.first_day else None,
            "to": question.last_day.isoformat() if question.last_day else None,
        },
    }


def _sum_of(question: GroundQuestion) -> str:
    return amount_field(question.unit).replace("amount", "sum")


def _head(question: GroundQuestion, found: FoundEvents) -> Json:
    sample = question.sample
    return {
        **_asked(question),
        "made_of": [],
        "release": None,
        "entries": found.entries,
        "events": found.events,
        _sum_of(question): number(found.total),
        "digest": digest(question, found.entries, found.total),
        "sample": {"size": sample.size, "seed": sample.seed, "rule": RULE} if sample else None,
    }


def _row(row: Row, unit: GroundUnit) -> Json:
    return {
        # What was folded before events were noted has its place in the log once all is folded anew.
        "event": f"{OWNERS[row['type']]}:{row['sequence'] or '?'}",
        "key": row["key"],
        "type": row["type"],
        "date": row["day"].isoformat(),
        **{name: row[name] for name in TOLD},
        amount_field(unit): number(row["amount"]),
    }


def _place(row: Row) -> str:
    return f"{row['sequence']}.{row['key']}"
