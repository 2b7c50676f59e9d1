"""Danish and English: how figures are written, and that everything is said in both."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services.reporting.web import language
from services.reporting.web.language import languages
from services.reporting.web.writing import Code

WEB: Final = Path(language.__file__).parent
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
TEMPLATES: Final = ("templates/**.html", "templates/**.txt")
METHODS: Final = [("**.py", "python"), *((name, "jinja2") for name in TEMPLATES)]
EXTENSIONS: Final = "jinja2.ext.i18n,jinja2.ext.do"
OPTIONS: Final = {name: {"extensions": EXTENSIONS, "newstyle_gettext": "true", "silent": "false"} for name in TEMPLATES}


def _in_the_code() -> Iterator[tuple[str, ...]]:
    found = extract_from_dir(WEB, METHODS, OPTIONS, KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield (message,) if isinstance(message, str) else tuple(message)


def test_everything_is_said_in_english() -> None:
    """Every Danish text has an English one, with the same places for values; none is left of a text that is gone."""
    with (WEB / "locale" / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    said = {
        (message.id,) if isinstance(message.id, str) else tuple(message.id): message
        for message in catalogue
        if message.id
    }
    assert said.keys() == set(_in_the_code()), "en.po is out of step: `make messages`, then say what is new in English"
    for message in said.values():
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert all(texts), message.id
        assert list(message.check(catalogue)) == [], message.id


@pytest.mark.parametrize(
    ("code", "amount", "number", "share", "day", "week", "moment"),
    [
        ("da", "1.234,56\xa0kr.", "1.234,5", "22,9\xa0%", "3. marts 2026", "uge 10", "3. marts 2026 kl. 9.05"),
        ("en", "DKK\xa01,234.56", "1,234.5", "22.9%", "3 March 2026", "week 10", "3 March 2026 at 09:05"),
    ],
)
def test_figures_and_days_are_written_as_the_language_writes_them(
    code: Code, amount: str, number: str, share: str, day: str, week: str, moment: str
) -> None:
    """A Danish amount ends in kr., a Danish day has its ordinal point, and clocks are Danish in both."""
    said = languages()[code]
    assert said.amount(123_456) == amount
    assert said.number(1_234.5) == number
    assert said.percent(22.9) == share
    assert said.day("2026-03-03") == day
    assert said.week(dt.date(2026, 3, 3)) == week
    assert said.moment("2026-03-03T08:05:00+00:00") == moment


def test_an_amount_keeps_every_oere() -> None:
    """Also where a number with a fraction would have lost it."""
    assert languages()["da"].amount(9_007_199_254_740_993) == "90.071.992.547.409,93\xa0kr."
    assert languages()["da"].amount(-5) == "\N{MINUS SIGN}0,05\xa0kr."
