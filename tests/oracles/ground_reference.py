"""Which events a figure is folded from, told a second time in the plainest way: loops over all events of both logs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.support.builders import Json

# What an event adds to a figure, by its place in its owner's log; an event may have several entries.
Added = dict[str, float]
Log = Mapping[str, list[Json]]
OF_PEOPLE: Final = ("participants", "new_participants", "multi_year_participants", "volunteers")
# From what until what, in ISO days.
Days = tuple[str, str]
MEASURED: Final = ("lens", "respondent", "instrument")
LINE_FIELDS: Final = ("line", "effort_area", "cost_type", "year")


def events(log: Log, figure: str, of: Json, first_day: str, last_day: str) -> Added:
    """Give each event that adds something to a figure, with what it adds; days are ISO, '' for no bound."""
    if figure in COUNTED:
        return COUNTED[figure](log, of, (first_day or "0", last_day or "9"))
    if figure in OF_PEOPLE:
        return _people(log, figure, of, (first_day or "0", last_day or "9"))
    told: Added = {}
    for event, day, amount in _told(log, figure, of, last_day or "9"):
        if amount and (not first_day or day >= first_day) and (not last_day or day <= last_day):
            told[event] = told.get(event, 0) + amount
    return told


def _told(log: Log, figure: str, of: Json, last_day: str) -> Iterator[tuple[str, str, float]]:
    if figure == "budget_ore":
        yield from _budget(log, of)
    elif figure == "spent_ore" and not {"commitment", "funder_kind"} & of.keys():
        yield from _expenses(log, of)
    elif figure.endswith("_ore"):
        yield from _movements(log, figure, of, last_day)
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


def _movements(log: Log, figure: str, of: Json, last_day: str) -> Iterator[tuple[str, str, float]]:
    plans = _plans(log)
    commitments = {
        data["commitment"]: data for _, name, data, _ in _each(log, "funding") if name == "funding.committed"
    }
    confirmed = {
        data["commitment"]
        for _, name, data, _ in _each(log, "funding")
        if name == "funding.confirmed" and data["date"] <= last_day
    }
    for place, name, data, outcome in _each(log, "funding"):
        moved: list[tuple[str, Json]] = []
        if name == "funding.committed":
            is_confirmed = data["commitment"] in confirmed or outcome == {"confirmed": True}
            unconfirmed_ore = 0 if is_confirmed else data["amount_ore"]
            amounts = {"committed_ore": data["amount_ore"], "unconfirmed_ore": unconfirmed_ore}
            moved = [(data["commitment"], amounts)]
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
    scope = _scope(log, of)
    last: dict[tuple[str, str], tuple[int, str, Json]] = {}
    for place, name, data, _ in _each(log, "registry"):
        if data.get("activity") not in scope:
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


def _people(log: Log, figure: str, of: Json, days: Days) -> Added:
    """Give each enrolment, or role, that has one of the days: 1 for the first of a person, 0 for every other one."""
    scope = _scope(log, of)
    stays = sorted(_stays(log, scope, "volunteer" if figure == "volunteers" else "participant"))
    counted: Added = {}
    seen: set[str] = set()
    years = _school_years(log, scope)
    for began, sequence, person, ended in stays:
        if began > days[1] or ended < days[0]:
            continue
        first_days = sorted(years.get(person, {}).values())
        if figure == "new_participants" and not days[0] <= first_days[0] <= days[1]:
            continue
        if figure == "multi_year_participants" and (len(first_days) == 1 or first_days[1] > days[1]):
            continue
        counted[f"registry:{sequence}"] = int(person not in seen)
        seen.add(person)
    return counted


def _scope(log: Log, of: Json) -> set[str]:
    """Give the activities that are meant."""
    pools = {data["plan"]: data["pool"] for _, name, data, _ in _each(log, "registry") if name == "plan.approved"}
    return {
        data["activity"]
        for _, name, data, _ in _each(log, "registry")
        if name == "activity.planned"
        and all({**data, "pool": pools[data["plan"]]}.get(field) == value for field, value in of.items())
    }


def _stays(log: Log, scope: set[str], kind: str) -> Iterator[tuple[str, int, str, str]]:
    """Give each stay of a person: its first day, its event, who, and its last day."""
    begins, ends = {"participant": ("enrolled", "left"), "volunteer": ("engaged", "left")}[kind]
    ends_of: dict[str, list[tuple[int, str, Json]]] = {}
    for place, name, data, _ in _each(log, "registry"):
        if name == "course.closed":
            ends_of.setdefault(data["course"], []).append((place, name, data))
        elif name in {"activity.ended", f"{kind}.{ends}"}:
            ends_of.setdefault(data["activity"], []).append((place, name, data))
    for place, name, data, _ in _each(log, "registry"):
        if name != f"{kind}.{begins}" or data["activity"] not in scope:
            continue
        last = [
            said["date"]
            for later, other, said in (*ends_of.get(data["activity"], ()), *ends_of.get(data.get("course") or "", ()))
            if other != f"{kind}.{ends}"
            or (later > place and all(said.get(field) == data.get(field) for field in (kind, "role")))
        ]
        yield data["date"], place, data[kind], min(last, default="9")


def _school_years(log: Log, scope: set[str]) -> dict[str, dict[int, str]]:
    """Give for each participant the first day of each school year on which it enrolled, or the month of coming."""
    last: dict[tuple[str, str], Json] = {}
    seen: list[tuple[str, str]] = []
    for _, name, data, _ in _each(log, "registry"):
        if data.get("activity") not in scope:
            continue
        if name == "participant.enrolled":
            seen.append((data["participant"], data["date"]))
        elif name in {"attendance.recorded", "session.cancelled"}:
            last[data["activity"], data["session"]] = data
    seen += [(person, f"{data['date'][:7]}-01") for data in last.values() for person in data.get("participants") or ()]
    years: dict[str, dict[int, str]] = {}
    for person, day in seen:
        year = int(day[:4]) - (day[5:7] < "08")
        own = years.setdefault(person, {})
        own[year] = min(own.get(year, day), day)
    return years


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


def _leavings(log: Log, of: Json, days: Days) -> Added:
    """Give each leaving of the days: 1 for the first of a person, 0 for every other one."""
    scope, added, gone = _scope(log, of), Added(), set[str]()
    left = sorted(
        (data["date"], place, data["participant"])
        for place, name, data, _ in _each(log, "registry")
        if name == "participant.left" and data["activity"] in scope and days[0] <= data["date"] <= days[1]
    )
    for _, place, person in left:
        added[f"registry:{place}"] = int(person not in gone)
        gone.add(person)
    return added


def _followups(log: Log, of: Json, days: Days) -> Added:
    """Give of each person the newest follow-up of the days, so many months after."""
    scope, newest = _scope(log, {"area": of["area"]}), dict[str, tuple[str, int, str]]()
    for place, name, data, _ in _each(log, "registry"):
        if name != "followup.recorded" or data["activity"] not in scope or not days[0] <= data["date"] <= days[1]:
            continue
        if data["months_after"] == of["months_after"]:
            word = data["date"], place, data["status"]
            newest[data["participant"]] = max(newest.get(data["participant"], word), word)
    return {f"registry:{place}": 1 for _, place, status in newest.values() if of.get("status", status) == status}


def _pairs(log: Log, of: Json, days: Days) -> Added:
    """Give the two measurements of each pair whose later one is of the days: 0 and 1."""
    scope = _scope(log, {name: value for name, value in of.items() if name in {"area", "plan"}})
    waves: dict[tuple[Any, ...], dict[str, tuple[int, str]]] = {}
    for place, name, data, outcome in _each(log, "registry"):
        if name == "outcome.measured" and data["activity"] in scope and _is_measured(data, of):
            course = (outcome or {}).get("course", "")
            key = course, *(data[field] for field in ("activity", "participant", *MEASURED))
            waves.setdefault(key, {}).setdefault(data["wave"], (place, data["date"]))
    added: Added = {}
    for told in waves.values():
        if {"before", "after"} <= told.keys() and days[0] <= told["after"][1] <= days[1]:
            added |= {f"registry:{told['before'][0]}": 0, f"registry:{told['after'][0]}": 1}
    return added


def _is_measured(data: Json, of: Json) -> bool:
    return all(of.get(name, data[name]) == data[name] for name in ("lens", "respondent"))


# Who left, was followed up and measured, each by a telling of its own.
COUNTED: Final = {"left": _leavings, "followed_up": _followups, "pairs": _pairs}
