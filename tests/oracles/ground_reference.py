"""Which events a figure is folded from, told a second time in the plainest way: loops over all events of both logs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.support.builders import Json

# What an event adds to a figure, by its place in its owner's log; an event may have several entries.
Added = dict[str, float]
Log = Mapping[str, list[Json]]
LINE_FIELDS: Final = ("line", "effort_area", "cost_type", "year")


def events(log: Log, figure: str, of: Json, first_day: str, last_day: str) -> Added:
    """Give each event that adds something to a figure, with what it adds; days are ISO, '' for no bound."""
    told: Added = {}
    for event, day, amount in _told(log, figure, of):
        if amount and (not first_day or day >= first_day) and (not last_day or day <= last_day):
            told[event] = told.get(event, 0) + amount
    return told


def _told(log: Log, figure: str, of: Json) -> Iterator[tuple[str, str, float]]:
    if figure == "budget_ore":
        yield from _budget(log, of)
    elif figure == "spent_ore" and not {"commitment", "funder_kind"} & of.keys():
        yield from _expenses(log, of)
    elif figure.endswith("_ore"):
        yield from _movements(log, figure, of)
    else:
        yield from _sessions(log, figure, of)


def _expenses(log: Log, of: Json) -> Iterator[tuple[str, str, float]]:
    lines, plans = _lines(log), _plans(log)
    booked = {data["expense"]: data for _, name, data, _ in _each(log, "funding") if name == "expense.booked"}
    for place, name, data, outcome in _each(log, "funding"):
        if not name.startswith("expense."):
            continue
        expense = booked[data["expense"]]
        on = {**expense, **lines.get((expense["plan"], expense["line"]), {})}
        if not _is_of(on, of, plans):
            continue
        if name == "expense.booked":
            yield f"funding:{place}", data["incurred_on"], data["amount_ore"]
        else:
            yield f"funding:{place}", outcome["booked_on"], -expense["amount_ore"]


def _budget(log: Log, of: Json) -> Iterator[tuple[str, str, float]]:
    lines, plans = _lines(log), _plans(log)
    for place, name, data, outcome in _each(log, "funding"):
        if name.startswith("budget."):
            for line, amount_ore in outcome["changes"].items():
                if _is_of({"plan": data["plan"], **lines[data["plan"], line]}, of, plans):
                    yield f"funding:{place}", "", amount_ore


def _movements(log: Log, figure: str, of: Json) -> Iterator[tuple[str, str, float]]:
    plans = _plans(log)
    commitments = {
        data["commitment"]: data for _, name, data, _ in _each(log, "funding") if name == "funding.committed"
    }
    for place, name, data, outcome in _each(log, "funding"):
        moved: list[tuple[str, Json]] = []
        if name == "funding.committed":
            moved = [(data["commitment"], {"committed_ore": data["amount_ore"]})]
        elif name == "funding.released":
            moved = [(data["commitment"], {"released_ore": data["amount_ore"]})]
        elif name == "funding.received":
            released_ore = (outcome or {}).get("released_ore", 0)
            moved = [(data["commitment"], {"received_ore": data["amount_ore"], "released_ore": released_ore})]
        elif name.startswith("expense."):
            moved = [(commitment, {"spent_ore": share}) for commitment, share in outcome["shares"].items()]
        day = data.get("date") or data.get("incurred_on") or ""
        if name == "expense.reversed":
            day = outcome["booked_on"]
        for commitment, amounts in moved:
            if _is_of(commitments[commitment], of, plans):
                balance_ore = amounts.get("received_ore", 0) - amounts.get("spent_ore", 0)
                yield f"funding:{place}", day, {**amounts, "balance_ore": balance_ore}.get(figure, 0)


def _sessions(log: Log, figure: str, of: Json) -> Iterator[tuple[str, str, float]]:
    activities = {data["activity"]: data for _, name, data, _ in _each(log, "registry") if name == "activity.planned"}
    last: dict[tuple[str, str], tuple[int, str, Json]] = {}
    for place, name, data, _ in _each(log, "registry"):
        activity = activities.get(data.get("activity", ""), {})
        if any(activity.get(field) != value for field, value in of.items()):
            continue
        if name in {"attendance.recorded", "session.cancelled"}:
            last[data["activity"], data["session"]] = place, name, data
        elif name == "volunteer.hours" and figure == name.replace(".", "_"):
            yield f"registry:{place}", data["date"], data["hours"]
    for place, name, data in last.values():
        people = len(data.get("participants") or ()) + (data.get("guests") or 0) or data.get("headcount") or 0
        is_held = name == "attendance.recorded"
        told = {
            "sessions": int(is_held),
            "cancelled_sessions": int(not is_held),
            "attendances": people,
            "participant_hours": people * (data.get("hours") or 0),
        }
        yield f"registry:{place}", data["date"], told.get(figure, 0)


def _is_of(data: Json, of: Json, plans: Mapping[str, list[str]]) -> bool:
    """Tell whether something of a plan is what was asked for; an area means all of its plans."""
    return all(
        value in plans[data["plan"]] if field == "area" else str(data.get(field)) == str(value)
        for field, value in of.items()
    )


def _plans(log: Log) -> dict[str, list[str]]:
    return {data["plan"]: data["areas"] for _, name, data, _ in _each(log, "registry") if name == "plan.approved"}


def _lines(log: Log) -> dict[tuple[str, str], Json]:
    return {
        (data["plan"], line["line"]): {field: line[field] for field in LINE_FIELDS}
        for _, name, data, _ in _each(log, "funding")
        if name == "budget.approved"
        for line in data["lines"]
    }


def _each(log: Log, owner: str) -> Iterator[tuple[int, str, Json, Any]]:
    for entry in log[owner]:
        name = entry["event"]["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        yield entry["sequence"], name, entry["event"]["data"], entry.get("outcome")
