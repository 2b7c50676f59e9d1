"""Whole lists and the vault in the browser: right by the vectors, and no name that is typed leaves the browser.

The browser goes through a proxy that records all that it sends. Afterwards the canaries are looked for in what was
recorded, in what the system logged, and in its databases.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import openpyxl
import orjson
import pytest
from playwright.async_api import Browser, Page

from services.command import key_files, vault_files
from services.command.key_files import AreaKey
from shared.pseudonyms import of_name, of_personal_number
from tests.support.browsing import visiting
from tests.support.places import content_of
from tests.support.systems import System

VECTORS: Final[dict[str, Any]] = orjson.loads(
    (Path(__file__).parents[1] / "oracles" / "vault_vectors.json").read_bytes()
)
AREA: Final[str] = VECTORS["area"]
KEY: Final = bytes.fromhex(VECTORS["key"])
PASSPHRASE: Final = "kanariegul sommerdag"  # noqa: S105  of a test, and a canary
# Typed in the browser, and nowhere else.
NAMES: Final = ("Kanariefugl Østergård", "Kanarieost Ågesen")
NUMBER: Final = "010203-1234"
OPEN: Final = """
async ({vault, passphrase, key}) => {
  const bytes = key && Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
  try {
    return await openVault(vault, passphrase, bytes);
  } catch (error) {
    return error.message;
  }
}
"""


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Write the key of the vectors."""
    path = tmp_path / "key.json"
    key_files.save(AreaKey(AREA, KEY), path)
    return path


async def test_the_browser_opens_the_vault_of_the_vectors_and_names_what_is_wrong(
    rich_system: System, browser: Browser, key_file: Path
) -> None:
    """By passphrase and key; a wrong one, another area's, a short and a changed file have a code each."""
    vault = orjson.dumps(VECTORS["vault"]).decode()
    changed = {**VECTORS["vault"], "content": {**VECTORS["vault"]["content"]}}
    changed["content"]["sealed"] = changed["content"]["sealed"].swapcase()
    whole = {"area": AREA, "people": VECTORS["people"]}
    async with visiting(browser, rich_system) as visit:
        await visit.open("/pseudonyms")
        page = visit.page
        for told, passphrase, key, expected in (
            (vault, VECTORS["passphrase"], None, whole),
            (vault, "", KEY.hex(), whole),
            (vault, "en forkert sætning", None, "wrong_passphrase"),
            (vault, "", bytes(32).hex(), "other_area"),
            (vault[: len(vault) // 2], VECTORS["passphrase"], None, "vault_damaged"),
            (orjson.dumps(changed).decode(), "", KEY.hex(), "vault_damaged"),
            ("{}", "", KEY.hex(), "vault_damaged"),
        ):
            assert await page.evaluate(OPEN, {"vault": told, "passphrase": passphrase, "key": key}) == expected
        await page.set_input_files("[data-pseudonyms] [data-key]", key_file)
        await _press(page, "open", "vault_missing")
        await page.fill("[data-passphrase]", "kort")
        await _press(page, "keep", "passphrase_too_short")


async def test_whole_lists_are_made_of_what_is_pasted_and_of_files(
    rich_system: System, browser: Browser, key_file: Path, tmp_path: Path
) -> None:
    """A column of numbers, names with days, CSV and a workbook; a row that is nobody is told by its number."""
    csv, workbook = tmp_path / "list.csv", tmp_path / "list.xlsx"
    csv.write_text(f"Navn;CPR\n{NAMES[0]};{NUMBER}\nIngen;x\n", encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Hold", 0)
    for row in (("Hold", "Navn", "Født"), ("A", NAMES[1], "01.03.2012")):
        sheet.append(row)
    book.save(workbook)
    by_number, by_name = of_personal_number(KEY, NUMBER), of_name(KEY, NAMES[1], "2012-03-01")
    async with visiting(browser, rich_system) as visit:
        await visit.open("/pseudonyms")
        page = visit.page
        await _press(page, "list", "no_key")
        await page.set_input_files("[data-pseudonyms] [data-key]", key_file)
        await page.fill("[data-list]", f"{NUMBER}\n\n610203-1234")
        await _press(page, "list", "2 / 2")
        made = await page.input_value("[data-made-list]")
        assert made.split("\n") == [by_number, of_personal_number(KEY, "610203-1234")]
        await page.fill("[data-list]", f"{NAMES[1]}\t2012-03-01")
        await _press(page, "list", "1 / 1")
        assert await page.input_value("[data-made-list]") == by_name
        await page.set_input_files("[data-list-file]", csv)
        await _press(page, "list", "1 / 2")
        assert await page.input_value("[data-made-list]") == f"{by_number}\n"
        assert await page.locator("[data-faults] li").all_text_contents() == [
            "Række 3: Det er ikke et personnummer. (no_personal_number)"
        ]
        await page.set_input_files("[data-list-file]", workbook)
        await _press(page, "list", "1 / 1")
        assert await page.input_value("[data-made-list]") == by_name


async def test_no_name_that_is_typed_leaves_the_browser(
    rich_system: System, browser: Browser, key_file: Path, tmp_path: Path
) -> None:
    """It is in no request that a proxy sees, in no database, and in the vault only sealed; that opens elsewhere."""
    async with _recording(rich_system.address) as (proxy, recorded):
        stored = await _kept_in_a_browser(browser, rich_system, proxy, key_file, tmp_path / "vault.json")
    sent = b"".join(recorded)
    assert b"GET " in sent
    canaries = [*NAMES, *(part for name in NAMES for part in name.split()), PASSPHRASE, KEY.hex()]
    for canary in canaries:
        assert canary.encode() not in sent
        assert canary not in stored
    assert vault_files.unseal(tmp_path / "vault.json", key=AreaKey(AREA, KEY)) == (
        AREA,
        {of_name(KEY, name, f"2012-03-0{day}"): name for day, name in enumerate(NAMES, 1)},
    )
    assert _held_anywhere(rich_system, "Kanarie") == []


async def _kept_in_a_browser(browser: Browser, system: System, proxy: str, key_file: Path, handed: Path) -> str:
    """Type names, seal them, save the file, open them in the other language; give what the browser has stored."""
    async with visiting(browser, system, proxy={"server": proxy, "bypass": "<-loopback>"}) as visit:
        await visit.open("/pseudonyms")
        page = visit.page
        await page.set_input_files("[data-pseudonyms] [data-key]", key_file)
        await page.fill("[data-list]", "\n".join(f"{name}\t2012-03-0{day}" for day, name in enumerate(NAMES, 1)))
        await _press(page, "list", "2 / 2")
        await page.fill("[data-passphrase]", PASSPHRASE)
        await _press(page, "keep", "Gemt i denne browser")
        async with page.expect_download() as waiting:
            await page.click("[data-handed]")
        await (await waiting.value).save_as(handed)
        stored: str = await page.evaluate("JSON.stringify({...localStorage})")
        await visit.open("/en/pseudonyms")
        await page.set_input_files("[data-pseudonyms] [data-key]", key_file)
        await page.fill("[data-passphrase]", PASSPHRASE)
        await _press(page, "open", AREA)
        assert await page.locator("[data-names] td:first-child").all_text_contents() == sorted(NAMES)
        await visit.open("/status")
        return stored


async def _press(page: Page, what: str, words: str) -> None:
    await page.click(f"[data-vault] button[data-do={what}]")
    await page.locator("[data-vault] [data-told]").filter(has_text=words).wait_for()


@contextlib.asynccontextmanager
async def _recording(address: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Run a proxy that records all that a browser sends, plain and as it came."""
    host, _, port = address.removeprefix("http://").partition(":")
    recorded: list[bytes] = []

    writers: list[asyncio.StreamWriter] = []
    serving: set[asyncio.Task[None] | None] = set()

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_request: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                if is_request:
                    recorded.append(chunk)
                    if chunk.startswith(b"CONNECT "):
                        # The browser's own errands to addresses of its maker end here.
                        break
                # A proxy is asked for whole addresses, a server for paths.
                writer.write(chunk.replace(f" {address}/".encode(), b" /") if is_request else chunk)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        there, toward = await asyncio.open_connection(host, int(port))
        writers.extend((writer, toward))
        await asyncio.gather(hand_on(reader, toward, is_request=True), hand_on(there, writer, is_request=False))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", recorded
    finally:
        server.close()
        for each in writers:
            each.close()
        await asyncio.gather(*filter(None, serving))


def _held_anywhere(system: System, text: str) -> list[str]:
    """Give the files of the data folder, those of the databases among them, in which a text stands."""
    files = [path for path in system.data.rglob("*") if path.is_file() and not path.is_socket()]
    assert len(files) > 100
    return [str(path) for path in files if text.encode() in content_of(path)]
