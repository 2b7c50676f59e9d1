"""The table of what needs attention, made of a report's JSON. It computes no figure."""

from services.reporting.terms import Json
from services.reporting.web.language import languages
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import Block, Speech
from services.reporting.web.wording import Wording
from services.reporting.web.writing import said, short_day
from services.reporting.words import SEVERITIES


def attention(report: Json, say: Speech) -> Block | None:
    """List what needs attention, the gravest first, by the names of plans and areas; what is urgent says what to do."""
    wording = Wording(languages()[say.language])
    # The paper of an area or a plan is for those who work there, that of the network for those who look after all.
    is_own = "area" in report or "plan" in report
    places = {area["area"]: area["name"] for area in report["areas"]} | {
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
                _told(item, report.get("names", {}), wording, is_own=is_own),
                " · ".join(places.get(name, name) for name in (item["area"], item["plan"]) if name),
                short_day(item["since"], say.language),
                said(SEVERITIES[item["severity"]], say.language),
            )
            for item in report["attention"]
        ),
    )


def _told(item: Json, names: Json, wording: Wording, *, is_own: bool) -> str:
    told = f"{wording.concern(item)}. {wording.detail(item, names)}"
    return f"{told} {wording.step(item, is_own=is_own)}" if item["severity"] == "high" else told
