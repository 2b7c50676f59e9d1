"""What could identify a person in free text besides a personal number: birth dates, e-mail addresses, phone numbers.

It reads ordinary Danish: dates of meetings, amounts, company, voucher and account numbers are no persons. Where the
shape alone cannot tell, the words around it do.
"""

import re
from collections.abc import Iterator
from typing import Final

from shared.events.fields import LAST_DAY

# Fields in which people write sentences or names, and those whose content is a number or a reference by nature.
FREE_TEXT: Final = frozenset(
    {
        "adaptation",
        "comment",
        "departments",
        "evidence",
        "funding_note",
        "indicator",
        "municipality",
        "name",
        "published_in",
        "reason",
        "remarks",
        "summary",
        "target_group",
        "text",
        "title",
        "what_works",
    }
)
REFERENCES: Final = frozenset({"approval_reference", "auditor_reference", "cvr", "reference", "source", "voucher"})

# Nobody writes the exact day of something so long ago in a report, unless somebody was born on it.
BIRTH_YEARS_AGO: Final = 8
OLDEST_YEARS: Final = 110

EMAIL: Final = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)

_MONTH: Final = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-zæøå]*\.?"
_DATE: Final = (
    rf"(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d{{2}})|\d{{1,2}}\.?\s{_MONTH}\s\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{6})(?!\d)"
)
_BORN: Final = re.compile(rf"(?:\bfødt\b|\bfødsels\w*|\bf\.|\bfdt\.?|\bborn\b)[^\d]{{0,25}}{_DATE}", re.IGNORECASE)
_FULL_DATE: Final = re.compile(
    rf"(?<![\d.,/-])(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(\d{{4}})|\d{{1,2}}\.?\s{_MONTH}\s(\d{{4}})"
    r"|(\d{4})-\d{2}-\d{2})(?![\d-])",
    re.IGNORECASE,
)

_EIGHT: Final = r"\d(?:[ .-]?\d){7}"
_CALLED: Final = re.compile(
    rf"(?:\b(?:tlf|telefon\w*|mobil\w*|mob|ring|sms|(?<![-\w])nummer(?:et)?|whatsapp)\b[^\d\n]{{0,20}}|(?<!\d)(?:\+|00)45\s?){_EIGHT}(?!\d)",
    re.IGNORECASE,
)
_PAIRS: Final = re.compile(r"(?<![\d.,-])[2-9]\d \d{2} \d{2} \d{2}(?![\d,]| ?\d)")
_HALVES_OR_WHOLE: Final = re.compile(r"(?<![\w.,/-])[2-9]\d{3} ?\d{4}(?![\w/-]|[.,]\d)")
# What a number of eight digits is, when it is nobody's telephone.
_NUMBER_OF: Final = re.compile(
    r"(?:cvr|se|p|bilag\w*|faktura\w*|konto\w*|reg|ordre\w*|sags?|journal\w*|j|id|isbn|ean|matrikel|kr|dkk|beløb\w*)"
    r"[-. ]*(?:nr|nummer|no)?[.: ]*$",
    re.IGNORECASE,
)
_OF_MONEY: Final = re.compile(r"^\s?(?:kr|dkk|øre|mio|,-|kroner|stk)", re.IGNORECASE)
WORTH_A_LOOK: Final = re.compile(r"@|\[at\]|\(at\)|\d[^a-zæøå]{0,3}\d", re.IGNORECASE)


def identifying(text: str, year: int) -> str | None:
    """Give the code of what could identify a person in a text that was written in a year, None where nothing does."""
    if not WORTH_A_LOOK.search(text):
        return None
    if EMAIL.search(text):
        return "email_address"
    if _holds_birth_date(text, year):
        return "birth_date"
    return "phone_number" if _holds_phone_number(text) else None


def _holds_birth_date(text: str, year: int) -> bool:
    if _BORN.search(text):
        return True
    years = (int(found[1] or found[2] or found[3]) for found in _FULL_DATE.finditer(text))
    return any(BIRTH_YEARS_AGO <= year - then <= OLDEST_YEARS for then in years)


def _holds_phone_number(text: str) -> bool:
    if _CALLED.search(text) or _PAIRS.search(text):
        return True
    for found in _HALVES_OR_WHOLE.finditer(text):
        digits = found[0].replace(" ", "")
        is_day = digits[:2] == "20" and "01" <= digits[4:6] <= "12" and "01" <= digits[6:] <= "31"
        before, after = text[: found.start()], text[found.end() :]
        if not is_day and not _NUMBER_OF.search(before) and not _OF_MONEY.match(after):
            return True
    return False


def contact_data(event: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Walk a decoded event and give the way to each free text that could identify a person, with its code."""
    if not isinstance(event, dict):
        return
    written = str(event.get("time"))[:4]
    year = int(written) if written.isdecimal() else LAST_DAY.year
    yield from _walk(event.get("data"), ("data",), year, is_text=False)


def _walk(
    value: object, steps: tuple[str | int, ...], year: int, *, is_text: bool
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        if is_text and (code := identifying(value, year)):
            yield steps, code
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*steps, key), year, is_text=key in FREE_TEXT)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, (*steps, position), year, is_text=is_text)
