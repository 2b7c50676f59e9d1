"""The page that makes pseudonyms in the browser: right by the vectors, and nothing of it leaves the browser."""

from pathlib import Path
from typing import Any, Final

import orjson
from playwright.async_api import Browser

from services.command import key_files
from shared.pseudonyms import of_personal_number
from tests.support.browsing import visiting
from tests.support.systems import System

VECTORS: Final[dict[str, Any]] = orjson.loads(
    (Path(__file__).parents[1] / "oracles" / "pseudonym_vectors.json").read_bytes()
)
MAKE: Final = """
async ({key, vector}) => {
  const bytes = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
  try {
    return "number" in vector
      ? await ofPersonalNumber(bytes, vector.number)
      : await ofName(bytes, vector.name, vector.born);
  } catch (error) {
    return error.message;
  }
}
"""


async def test_the_browser_makes_the_same_pseudonyms_and_sends_nothing(
    rich_system: System, browser: Browser, tmp_path: Path
) -> None:
    """By the same vectors as the command; what is typed is in no request, and a wrong file or number is told of."""
    key = key_files.create("urbanplanen", tmp_path / "key.json")
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes((tmp_path / "key.json").read_bytes().replace(b"urban", b"urbam"))
    async with visiting(browser, rich_system) as visit:
        await visit.open("/pseudonyms")
        page = visit.page
        for vector in VECTORS["vectors"]:
            made = await page.evaluate(MAKE, {"key": VECTORS["key"], "vector": vector})
            assert made == vector.get("pseudonym", vector.get("code"))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        told = page.locator("[data-made]")
        await page.fill("[data-number]", "010203-1234")
        for file, words in ((None, "Vælg først"), (damaged, "ikke en hel nøgle"), (tmp_path / "key.json", "p-")):
            if file is not None:
                await page.set_input_files("[data-key]", file)
            await page.click("[data-pseudonyms] button")
            await told.filter(has_text=words).wait_for()
        assert await told.text_content() == f"urbanplanen: {of_personal_number(key.key, '010203-1234')}"
        await page.fill("[data-number]", "ingen")
        await page.click("[data-pseudonyms] button")
        await told.filter(has_text="ikke et personnummer").wait_for()
        assert asked == []
        blocked = "fetch('/status').then(() => 'sent', () => 'blocked')"
        assert await page.evaluate(blocked) == "blocked"
