"""The demo: posts the demo events over HTTP, shows the report, and holds it against the files themselves."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
from rich.text import Text

from services.command import access, demo_figures, posting, releasing, report_table
from services.command.bearing import Bearing
from services.command.progress import Progressing
from services.command.terminal import Terminal, locale_language

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "demo"
FILES: Final = ("registry.jsonl", "funding.jsonl")
BATCH: Final = 250


def files() -> list[Path]:
    """Give the files of demo events, in the order in which they can be posted.

    Raises:
        CommandFailed: they are not there; a wheel leaves them out.
    """
    found = [FOLDER / name for name in FILES]
    if missing := [path for path in found if not path.is_file()]:
        raise access.CommandFailed(f"there is no {missing[0]}; the demo runs from a clone of the repository")
    return found


async def present(url: str, token: str, own_token: Callable[[str], str], console: Terminal) -> bool:
    """Post the demo, print the network report, and tell whether its figures are those of the files.

    `own_token` gives the token of an area's coordinator, who is told of its people as they are now.

    Raises:
        CommandFailed: the report is not to be had.
        BadLine, BatchRefused, httpx.TransportError: see `posting.post`.
    """
    summary = posting.Summary()
    for path in files():
        with path.open("rb") as stream, Progressing(path.name, path.stat().st_size) as progress:
            await posting.post(
                stream, url=url, sender=Bearing(token), limit=BATCH, advanced=progress.advance, summary=summary
            )
    console.print(
        f"{summary.accepted} events posted, {summary.duplicates} were there already ({summary.seconds:.1f} s)\n"
    )
    # What a lead is told of people comes from a release.
    await asyncio.to_thread(releasing.ensure, url, token)
    report = await _report(url, token, "network", summary.at_least)
    report_table.draw(console, report, locale_language())
    areas = [area["area"] for area in report["areas"]]
    own = {area: await _report(url, own_token(area), f"areas/{area}", summary.at_least) for area in areas}
    wrong = demo_figures.differences(report, own, demo_figures.add_up(demo_figures.read(files())))
    if wrong:
        console.print(Text("\nThe report differs from what the files say:", "red"))
        console.print("\n".join(wrong))
        return False
    console.print(Text.assemble("\n", ("✓", "green"), " The figures are those that the event files add up to."))
    return True


async def _report(url: str, token: str, path: str, at_least: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.get(
            f"/reporting/reports/{path}", params={"at_least": at_least}, timeout=access.TIMEOUT_SECONDS
        )
    return access.report_in(answer)
