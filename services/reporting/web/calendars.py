"""A calendar as programs read it: deadlines, milestones, planned sessions and the ends of plans. Owns no date.

Source: RFC 5545; the library `icalendar` writes it (ADR 144).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event

from services.reporting.subscriptions.service import Dates
from services.reporting.web.language import PageLanguage, languages
from shared import clock
from shared.presentable import presentable

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
# How often programs ask again, where they do as they are told: by the standard, and as Outlook reads it.
ASKED_EVERY: Final = timedelta(hours=6)
ASKED_EVERY_WRITTEN: Final = "PT6H"
UNTOLD_HOURS: Final = 1.0


def written(dates: Dates, address: str) -> bytes:
    """Write a calendar whose links lead to the pages at an address."""
    language = languages()[dates.language]
    calendar = Calendar()
    calendar.add("prodid", "-//Helhedsnet//Helhedsnet//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Helhedsnet")
    calendar.add("refresh-interval", ASKED_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", ASKED_EVERY_WRITTEN)
    stamp = clock.now()
    for entry in _entries(dates, language, f"{address.rstrip('/')}{language.prefix}"):
        calendar.add_component(_event(entry, stamp))
    return bytes(calendar.to_ical())


def _entries(dates: Dates, language: PageLanguage, address: str) -> Iterator[dict[str, Any]]:
    for plan, year, due in dates.statements:
        name = dates.plans[plan].name
        yield {
            "uid": f"statement-{plan}-{year}",
            "summary": language.gettext("Årsopgørelse for %(year)s: %(plan)s") % {"year": year, "plan": name},
            "begins": due,
            "url": f"{address}/plans/{plan}/statements/{year}",
        }
    for row in dates.milestones:
        values = {"title": row["title"], "plan": dates.plans[row["plan"]].name}
        yield {
            "uid": f"milestone-{row['plan']}-{row['milestone']}",
            "summary": language.gettext("Milepæl: %(title)s (%(plan)s)") % values,
            "begins": row["due_on"],
            "url": f"{address}/plans/{row['plan']}",
        }
    for plan, last_day in dates.ends:
        yield {
            "uid": f"end-{plan}",
            "summary": language.gettext("Planen slutter: %(plan)s") % {"plan": dates.plans[plan].name},
            "begins": last_day,
            "url": f"{address}/plans/{plan}",
        }
    for row in dates.sessions:
        begins = _begins(row["planned_on"], row["starts_at"])
        hours = timedelta(hours=float(row["hours"] or UNTOLD_HOURS))
        yield {
            "uid": f"session-{row['activity']}-{row['session']}",
            "summary": row["name"],
            "begins": begins,
            "ends": begins + hours if isinstance(begins, datetime) else None,
            "url": f"{address}/activities/{row['activity']}",
        }


def _begins(day: date, starts_at: str | None) -> date:
    """Give when a session begins: a moment by Danish clocks, or the day alone."""
    if not starts_at:
        return day
    hour, minute = (int(part) for part in starts_at.split(":")[:2])
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.DENMARK).astimezone(clock.now().tzinfo)


def _event(entry: dict[str, Any], stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry['uid']}@helhedsnet")
    event.add("dtstamp", stamp)
    event.add("summary", presentable(entry["summary"]))
    event.add("dtstart", entry["begins"])
    if entry.get("ends"):
        event.add("dtend", entry["ends"])
    event.add("url", entry["url"])
    # A deadline does not make its reader busy.
    event.add("transp", "TRANSPARENT")
    return event
