"""The Monday list: what needs somebody's attention on a day, from whom, and since when. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.reporting.reader.wanted import ToldOf
from services.reporting.releases.rules import late_since
from services.reporting.reports.accounts import readable_items
from services.reporting.terms import AttentionCode, Json, Plan, Severity, Standing, by_plan, elapsed_percent
from shared import money
from shared.accounts import Accounts
from shared.backbone.forgeries import Forgery
from shared.backbone.parting import Parting
from shared.clock import day_of
from shared.events.envelope import AREA_PREFIX, NETWORK, TYPE_PREFIX, TYPE_SUFFIX
from shared.law import FLOOR_PERCENT, LANDSBYGGEFONDEN, LOCAL_KINDS, STATEMENT_DUE
from shared.retention import ANNOUNCED_DAYS, people_removed_on

SILENT_DAYS: Final = 14
# Attendance falls when a session of the last four weeks had less than this part of one in the four weeks before.
FALLING_BELOW: Final = 0.7
CANCELLED_SESSIONS: Final = 2
OFF_PACE_POINTS: Final = 20
ENDING_DAYS: Final = 548
# What was refused stands on two Mondays' lists; the most frequent kinds are named.
REJECTED_DAYS: Final = 14
NAMED_REJECTIONS: Final = 5
NAMED_PLANS: Final = 5
STATEMENT_WARNING_DAYS: Final = 60
# What tells how many came.
ON_PEOPLE: Final[frozenset[AttentionCode]] = frozenset({"attendance_falling"})
# Money that is stopped or late comes first among what is equally grave.
MONEY_FIRST: Final[Mapping[AttentionCode, int]] = {"payout_withheld": 0, "statement_due": 1}
ORDER: Final[Mapping[Severity, int]] = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class LatestWord:
    """The latest word on an annual statement: where it stands, since when, and what was remarked."""

    state: str
    said_on: date
    remarks: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What the list is made from, as it is on the day that it is made for.

    `released` has of areas what the newest release tells of attendances in its last month and in the one before.
    """

    today: date
    areas: Sequence[Mapping[str, Any]]
    plans: Sequence[Plan]
    standings: Sequence[Standing]
    activities: Sequence[Mapping[str, Any]]
    milestones: Sequence[Mapping[str, Any]]
    statements: Mapping[tuple[str, int], LatestWord]
    dead_letters: int
    forgeries: Sequence[Forgery]
    partings: Sequence[Parting] = ()
    differing: Sequence[str] = ()
    differing_since: date | None = None
    late_release: date | None = None
    released: Sequence[Mapping[str, Any]] = ()
    withholdings: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything that needs attention on a day, whoever reads it, and the plans that are watched. It is not changed."""

    items: Sequence[Json]
    plans: Sequence[Plan]


def listed(watched: Watched) -> Listed:
    """List what needs attention for all who will read it."""
    return Listed(attention(watched), watched.plans)


def attention(watched: Watched) -> list[Json]:
    """List everything that needs attention: the gravest first, and of these what has waited longest."""
    standings, not_anchored = by_plan(watched.standings), _not_anchored(watched)
    found = [
        *_areas(watched),
        *_milestones(watched),
        *_activities(watched),
        *_released(watched),
        *_withheld(watched),
        *(
            item
            for plan in watched.plans
            for item in _plan(watched, plan, standings.get(plan.plan, ()), not_anchored.get(plan.plan))
        ),
        *_dead_letters(watched),
        *(_forged(forgery) for forgery in watched.forgeries),
        *(_parted(parting) for parting in watched.partings),
        *_ledger(watched),
        *_release(watched),
    ]
    return in_order(found)


def in_order(items: Iterable[Json]) -> list[Json]:
    """Put the gravest first; of these money that is stopped or late, and then what has waited longest."""
    return sorted(
        items,
        key=lambda item: (
            ORDER[item["severity"]],
            MONEY_FIRST.get(item["code"], len(MONEY_FIRST)),
            item["since"] or "",
            item["code"],
            item["plan"] or "",
            item["detail"],
        ),
    )


def events_rejected(rows: Iterable[Mapping[str, Any]], told_of: ToldOf) -> list[Json]:
    """List what was refused, an item for each area and one for the network, as far as a reader is told of it.

    `rows` come with the most frequent first.
    """
    by_area: dict[str | None, list[Mapping[str, Any]]] = {}
    for row in rows:
        area = None if row["source"] == NETWORK else row["source"].removeprefix(AREA_PREFIX)
        if told_of is None or area in told_of:
            by_area.setdefault(area, []).append(row)
    return [_rejected(area, of_area) for area, of_area in by_area.items()]


def _rejected(area: str | None, rows: Sequence[Mapping[str, Any]]) -> Json:
    events, named = sum(row["events"] for row in rows), rows[:NAMED_REJECTIONS]
    others = events - sum(row["events"] for row in named)
    last = max(row["last"] for row in rows).isoformat()
    said = [f"{row['events']} {_name(row['type'])} ({row['code']})" for row in named]
    detail = f"{events} events were rejected, the last on {last}: {', '.join(said)}"
    values = {
        "events": events,
        "last": last,
        "kinds": [{name: row[name] for name in ("type", "code", "events")} for row in named],
        "others": others,
    }
    if others:
        detail += f" and {others} others"
    return _item("events_rejected", "medium", min(row["since"] for row in rows), detail, area=area, **values)


def _name(kind: str) -> str:
    return kind.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)


def told_items(found: Listed, area: str | None, accounts: Accounts, own: Collection[str]) -> list[Json]:
    """List what a reader is told of that needs attention; what rests on who came, of other areas as released."""
    areas_of = {plan.plan: plan.areas for plan in found.plans}
    told = (item for item in found.items if is_for(item, own))
    items = list(readable_items(told, accounts, areas_of))
    return items if area is None else of_area(items, area, found.plans)


def of_area(items: Iterable[Json], area: str, plans: Iterable[Plan]) -> list[Json]:
    """Keep what concerns an area: itself, and the plans that it is part of."""
    own = {plan.plan for plan in plans if area in plan.areas}
    return [item for item in items if item["area"] == area or (item["area"] is None and item["plan"] in own)]


def _item(  # noqa: PLR0913  the shape of an item
    code: AttentionCode,
    severity: Severity,
    since: date | None,
    detail: str,
    *,
    area: str | None = None,
    plan: str | None = None,
    **values: Any,
) -> Json:
    """Make an item as reports have it; `values` are what its detail says in words, for whoever says it in others."""
    said, place = since.isoformat() if since else None, {"area": area, "plan": plan}
    return {"severity": severity, "code": code, **place, "since": said, "detail": detail, "values": values}


def _areas(watched: Watched) -> Iterator[Json]:
    for area in watched.areas:
        last = area["last_event_at"]
        if last is None or day_of(last) < watched.today - timedelta(days=SILENT_DAYS):
            since = day_of(last) if last else None
            detail = f"nothing was posted for more than {SILENT_DAYS} days" if last else "nothing was ever posted"
            yield _item("area_silent", "medium", since, detail, area=area["area"], days=SILENT_DAYS)


def _milestones(watched: Watched) -> Iterator[Json]:
    for row in watched.milestones:
        detail = f"{row['milestone']}: {row['title']}"
        values: dict[str, Any] = {"milestone": row["milestone"], "title": row["title"]}
        yield _item("milestone_overdue", "medium", row["due_on"], detail, plan=row["plan"], **values)


def _activities(watched: Watched) -> Iterator[Json]:
    for row in watched.activities:
        place = {"area": row["area"], "plan": row["plan"], "activity": row["activity"]}
        if row["sessions"] and row["sessions_before"]:
            now, before = row["attendances"] / row["sessions"], row["attendances_before"] / row["sessions_before"]
            if now < FALLING_BELOW * before:
                since = watched.today - timedelta(days=28)
                detail = f"{row['activity']}: {now:.1f} at a session, {before:.1f} in the four weeks before"
                values: dict[str, Any] = {"attended": round(now, 1), "attended_before": round(before, 1)}
                yield _item("attendance_falling", "medium", since, detail, **place, **values)
        if row["cancelled"] >= CANCELLED_SESSIONS:
            detail = f"{row['activity']}: {row['cancelled']} sessions were cancelled in four weeks"
            values = {"sessions": row["cancelled"]}
            yield _item("sessions_cancelled", "low", row["cancelled_since"], detail, **place, **values)


def is_for(item: Json, own: Collection[str]) -> bool:
    """Tell whether a reader is told of something: what rests on who came in the own areas live, of others as released.

    Live it is of an activity, as released of a month of the area.
    """
    return item["code"] not in ON_PEOPLE or (item["area"] in own) == ("activity" in item["values"])


def _released(watched: Watched) -> Iterator[Json]:
    for row in watched.released:
        if row["sessions"] and row["sessions_before"]:
            now, before = row["attendances"] / row["sessions"], row["attendances_before"] / row["sessions_before"]
            if now < FALLING_BELOW * before:
                month = f"{row['month']:%Y-%m}"
                detail = f"{now:.1f} at a session in {month}, {before:.1f} in the month before"
                values = {"month": month, "attended": round(now, 1), "attended_before": round(before, 1)}
                yield _item("attendance_falling", "medium", row["month"], detail, area=row["area"], **values)


def _not_anchored(watched: Watched) -> dict[str, list[str]]:
    """Give by plan which of its activities under way nobody carries on."""
    found: dict[str, list[str]] = {}
    for row in watched.activities:
        if not row["is_anchored"]:
            found.setdefault(row["plan"], []).append(row["activity"])
    return found


def _plan(watched: Watched, plan: Plan, own: Sequence[Standing], loose: list[str] | None) -> Iterator[Json]:
    """Tell of a plan: `own` are its commitments, `loose` its activities that nobody carries on."""
    yield from _consents(plan)
    yield from _unconfirmed(own, plan)
    yield from _floor(watched, own, plan)
    if watched.today < plan.start_on:
        return
    yield from _money(watched, own, plan)
    yield from _statements(watched, plan)
    yield from _retention(watched, plan)
    ending = plan.end_on - timedelta(days=ENDING_DAYS)
    if ending <= watched.today <= plan.end_on:
        end = plan.end_on.isoformat()
        yield _item("plan_ending", "medium", ending, f"the plan ends on {end}", plan=plan.plan, end=end)
        if loose:
            detail = f"nobody carries on: {', '.join(loose)}"
            yield _item("not_anchored", "medium", ending, detail, plan=plan.plan, activities=loose)


def _retention(watched: Watched, plan: Plan) -> Iterator[Json]:
    """Tell before the people of a plan that is over are removed, and for as long after that it is done."""
    removed_on = people_removed_on(plan.end_on)
    told = timedelta(days=ANNOUNCED_DAYS)
    if removed_on - told <= watched.today <= removed_on + told:
        day = removed_on.isoformat()
        detail = f"the people of the plan are removed from {day} on"
        yield _item("people_removed", "medium", removed_on - told, detail, plan=plan.plan, removed_on=day)


def _consents(plan: Plan) -> Iterator[Json]:
    if plan.invited:
        detail = f"not consented to by: {', '.join(plan.invited)}"
        yield _item("consent_missing", "medium", None, detail, plan=plan.plan, areas=list(plan.invited))


def _unconfirmed(own: Sequence[Standing], plan: Plan) -> Iterator[Json]:
    """Tell which commitments nobody but an area of the plan has stated."""
    for standing in own:
        if standing.unconfirmed_ore:
            detail = f"{standing.commitment}: {standing.unconfirmed_ore} øre are stated by an area, and not confirmed"
            values: dict[str, Any] = {"commitment": standing.commitment, "amount_ore": standing.unconfirmed_ore}
            yield _item("commitment_unconfirmed", "medium", None, detail, plan=plan.plan, **values)


def _floor(watched: Watched, own: Sequence[Standing], plan: Plan) -> Iterator[Json]:
    """Tell, before the plan starts too, where the local share is not there: above the ceiling is below the floor."""
    local_ore = sum(standing.committed_ore for standing in own if standing.funder_kind in LOCAL_KINDS)
    # The money of foundations lies on top: it counts on neither side of the floor, as in funding.
    fund_ore = sum(standing.committed_ore for standing in own if standing.funder_kind == LANDSBYGGEFONDEN)
    if local_ore * 100 < (local_ore + fund_ore) * FLOOR_PERCENT:
        share = float(money.percent(local_ore, local_ore + fund_ore) or 0)
        detail = f"local funders carry {share:g} %, at least {FLOOR_PERCENT} are due"
        values: dict[str, Any] = {"local_share_pct": share, "floor_pct": FLOOR_PERCENT}
        has_started = plan.start_on <= watched.today
        severity: Severity = "high" if has_started else "medium"
        since = plan.start_on if has_started else None
        yield _item("local_floor_at_risk", severity, since, detail, plan=plan.plan, **values)


def _money(watched: Watched, own: Sequence[Standing], plan: Plan) -> Iterator[Json]:
    for standing in own:
        if standing.funder_kind in LOCAL_KINDS and standing.released_ore < standing.committed_ore:
            gap_ore = standing.committed_ore - standing.released_ore
            detail = f"{standing.commitment}: {gap_ore} øre of {standing.committed_ore} are not released"
            values: dict[str, Any] = {
                "commitment": standing.commitment,
                "amount_ore": gap_ore,
                "committed_ore": standing.committed_ore,
            }
            yield _item("co_funding_unreleased", "medium", plan.start_on, detail, plan=plan.plan, **values)
        if standing.received_ore < standing.spent_ore:
            below_ore = standing.spent_ore - standing.received_ore
            detail = f"{standing.commitment}: {below_ore} øre spent before they came"
            values = {"commitment": standing.commitment, "amount_ore": below_ore}
            yield _item("account_below_zero", "low", None, detail, plan=plan.plan, **values)
    committed_ore = sum(standing.committed_ore for standing in own)
    if not committed_ore:
        return
    spent = float(money.percent(sum(standing.spent_ore for standing in own), committed_ore) or 0)
    elapsed = float(elapsed_percent(plan, watched.today) or 0)
    if abs(spent - elapsed) > OFF_PACE_POINTS:
        on = watched.today.isoformat()
        detail = f"{spent:g} % of the money is spent after {elapsed:g} % of the time, on {on}"
        values = {"spent_pct": spent, "elapsed_pct": elapsed, "on": on}
        yield _item("spending_off_pace", "medium", None, detail, plan=plan.plan, **values)


def _withheld(watched: Watched) -> Iterator[Json]:
    """Tell whose payouts are stopped, of plans that have ended too: what is owed is owed."""
    outstanding = {each.commitment: each.committed_ore - each.received_ore for each in watched.standings}
    for row in watched.withholdings:
        outstanding_ore = outstanding.get(row["commitment"], 0)
        detail = f"{row['commitment']}: payouts are withheld; {outstanding_ore} øre have not come"
        if row["reason"]:
            detail += f"; {row['reason']}"
        values: dict[str, Any] = {
            "commitment": row["commitment"],
            "amount_ore": outstanding_ore,
            "reason": row["reason"],
        }
        yield _item("payout_withheld", "high", row["since"], detail, plan=row["plan"], **values)


def _statements(watched: Watched, plan: Plan) -> Iterator[Json]:
    for year in range(plan.start_on.year, min(plan.end_on.year, watched.today.year - 1) + 1):
        due = date(year + 1, *STATEMENT_DUE)
        word = watched.statements.get((plan.plan, year))
        state = word.state if word else None
        if state in ("submitted", "accepted") or watched.today < due - timedelta(days=STATEMENT_WARNING_DAYS):
            continue
        severity: Severity = "high" if watched.today > due else "medium"
        detail = f"the annual statement of {year} was returned" if state else f"no annual statement of {year}"
        values: dict[str, Any] = {"year": year, "state": state, "due": due.isoformat()}
        if word:
            values |= {"returned_on": word.said_on.isoformat(), "remarks": word.remarks}
        yield _item("statement_due", severity, due, f"{detail}; due {due}", plan=plan.plan, **values)


def _dead_letters(watched: Watched) -> Iterator[Json]:
    if watched.dead_letters:
        detail = f"{watched.dead_letters} events could not be folded; see `helhedsnet dead-letters list`"
        yield _item("dead_letters", "high", None, detail, events=watched.dead_letters)


def _forged(forgery: Forgery) -> Json:
    last = day_of(forgery.last_at).isoformat()
    detail = f"messages on the stream of {forgery.owner} were not its own, the last on {last}; none took effect"
    return _item("messages_forged", "high", day_of(forgery.first_at), detail, owner=forgery.owner, last=last)


def _parted(parting: Parting) -> Json:
    detail = f"{parting.meaning}; nothing more is applied of it; see `helhedsnet recover`"
    values = {"owner": parting.owner, "follower": parting.follower, "way": parting.code}
    return _item("log_parted", "high", day_of(parting.since), detail, **values)


def _ledger(watched: Watched) -> Iterator[Json]:
    if watched.differing:
        named = list(watched.differing[:NAMED_PLANS])
        others = len(watched.differing) - len(named)
        too = f", those of {others} others too" if others else ""
        detail = f"the sums of {', '.join(named)} differ from the ledger's{too}"
        yield _item("ledger_differs", "high", watched.differing_since, detail, plans=named, others=others)


def _release(watched: Watched) -> Iterator[Json]:
    if watched.late_release is not None:
        month = f"{watched.late_release:%Y-%m}"
        since = late_since(watched.late_release)
        yield _item(
            "release_late", "medium", since, f"the figures about people of {month} are not released", month=month
        )
