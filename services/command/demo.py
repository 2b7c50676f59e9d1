"""The demo: posts the demo events over HTTP, shows the report, and holds it against the files themselves."""

from pathlib import Path
from typing import Final

import httpx
from rich.text import Text

from services.command import access, demo_figures, posting, report_table
from services.command.progress import Progressing
from services.command.terminal import Terminal

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


async def present(url: str, token: str, console: Terminal) -> bool:
    """Post the demo, print the network report, and tell whether its figures are those of the files.

    Raises:
        CommandFailed: the report is not to be had.
        BadLine, BatchRefused, httpx.TransportError: see `posting.post`.
    """
    summary = posting.Summary()
    for path in files():
        with path.open("rb") as stream, Progressing(path.name, path.stat().st_size) as progress:
            await posting.post(stream, url=url, token=token, limit=BATCH, advanced=progress.advance, summary=summary)
    console.print(
        f"{summary.accepted} events posted, {summary.duplicates} were there already ({summary.seconds:.1f} s)\n"
    )
    report = await _report(url, token, summary.at_least)
    report_table.draw(console, report)
    wrong = demo_figures.differences(report, demo_figures.add_up(demo_figures.read(files())))
    if wrong:
        console.print(Text("\nThe report differs from what the files say:", "red"))
        console.print("\n".join(wrong))
        return False
    console.print(Text.assemble("\n", ("✓", "green"), " The figures are those that the event files add up to."))
    return True


async def _report(url: str, token: str, at_least: str) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.get(
            "/reporting/reports/network", params={"at_least": at_least}, timeout=access.TIMEOUT_SECONDS
        )
    return access.report_in(answer)
