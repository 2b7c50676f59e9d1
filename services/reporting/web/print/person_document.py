"""What is held of one person, on paper: the same parts and words as on the page. Pure; it is kept nowhere."""

import hashlib
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from services.reporting.person.telling import Part, parts_of, remarks_on, title_in
from services.reporting.terms import Json
from services.reporting.web.charts.appearance import PRINT_FONT
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.print.documents import TEMPLATE
from services.reporting.web.writing import Code, day
from shared.clock import day_of
from shared.presentable import SUBSTITUTE

# The column that takes what is left is the last of events and the third of look-ups.
PROSE: Final = 2


def order(record: Json, language: Code, now: datetime) -> dict[str, Any]:
    """Give what the press makes the document from."""
    say = Speech(language)
    parts = [_section(part) for part in parts_of(record, language)]
    parts[0]["new_page"] = True
    remarks = [blocks.text(remark) for remark in remarks_on(record, language)]
    parts.append(blocks.section(say("Hvad der ikke står her", "What does not stand here"), *remarks))
    return {
        "kind": "document",
        "template": str(TEMPLATE),
        "timestamp": int(now.timestamp()),
        "content": {**_frame(record, say, now), "parts": [part for part in parts if part["blocks"]]},
        "specifications": {},
    }


def _section(part: Part) -> Block:
    # What an event is called is short; who looked and why need not be.
    beside: Literal["words", "brief"] = "words" if len(part.columns) == PROSE + 1 else "brief"
    columns: list[PrintColumn] = [
        (title, "prose" if place == PROSE else beside if place else "words") for place, title in enumerate(part.columns)
    ]
    return blocks.section(part.title, blocks.table(part.title, columns, part.rows, is_fine=True))


def _frame(record: Json, say: Speech, now: datetime) -> dict[str, Any]:
    digest = hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()
    made = day(day_of(now).isoformat(), say.language)
    return {
        "font": PRINT_FONT,
        "language": say.language,
        "title": title_in(say.language),
        "about": record["participant"],
        "period": made,
        "contents": say("Indhold", "Contents"),
        "cursor": record["participant"],
        "digest": digest,
        "page": say("Side", "Page"),
        "of": say("af", "of"),
        "identity": [[say("Udskrevet", "Printed"), made], [say.heading("digest"), digest]],
        "reproducible": say(
            "Opslaget, som dette er en udskrift af, er selv skrevet ned og står på listen over opslag.",
            "The look-up that this is a print of is noted itself, and stands in the list of look-ups.",
        ),
        "substituted": say(
            f"{SUBSTITUTE} står for et tegn, som dokumentets skrifter ikke har.",
            f"{SUBSTITUTE} stands for a sign that the fonts of this document lack.",
        ),
    }
