"""The table of what needs attention, made of a report's JSON. It computes no figure."""

from collections.abc import Mapping

from services.reporting.terms import Json
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import Block, Speech
from services.reporting.web.refusals import REJECTED
from services.reporting.web.writing import amount, called, number, said, short_day
from services.reporting.words import ATTENTION, SEVERITIES, Word
from shared.codes import MESSAGES


def attention(report: Json, say: Speech) -> Block | None:
    """List what needs attention, the gravest first, by the names of plans and areas."""
    names = {area["area"]: area["name"] for area in report["areas"]} | {
        plan["plan"]: plan["name"] for plan in report["plans"]
    }
    return blocks.table(
        say.heading("attention"),
        [
            (say("Hvad", "What"), "prose"),
            (say("Hvor", "Where"), "brief"),
            (say.heading("since"), "words"),
            (say.heading("severity"), "words"),
        ],
        (
            (
                _concern(item, report.get("names", {}), say),
                " · ".join(names.get(name, name) for name in (item["area"], item["plan"]) if name),
                short_day(item["since"], say.language),
                said(SEVERITIES[item["severity"]], say.language),
            )
            for item in report["attention"]
        ),
    )


def _concern(item: Json, names: Json, say: Speech) -> str:
    """Say what an item of attention is about; what has no words of its own is told as it came."""
    if item["code"] not in ATTENTION:
        told: str = item["detail"]
        return told
    values = item.get("values", {})
    codes = {"activities": values.get("activities", [values.get("activity")]), "funders": [values.get("commitment")]}
    parts = [str(values[name]) for name in ("title", "year") if values.get(name)]
    parts += [called(names, kind, code) for kind, found in codes.items() for code in found if code]
    if "amount_ore" in values:
        parts.append(amount(values["amount_ore"], say.language))
    parts += [
        f"{number(kind['events'], say.language)} \N{MULTIPLICATION SIGN} {_of(REJECTED, kind['type'], say)}"
        f" ({_of(MESSAGES, kind['code'], say).removesuffix('.')})"
        for kind in values.get("kinds", ())
    ]
    return said(ATTENTION[item["code"]], say.language) + (f": {', '.join(parts)}" if parts else "")


def _of(names: Mapping[str, Word], code: str, say: Speech) -> str:
    return said(names[code], say.language) if code in names else code
