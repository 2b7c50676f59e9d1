"""The one writer of CSV: RFC 4180 in UTF-8, every field quoted. Owns that no spreadsheet takes a text for a formula.

Quotes alone do not see to that: a program that parts fields at a different sign than the file does reads a quote in
the middle of a field as any other sign, and begins a cell in the middle of a text.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from shared.presentable import presentable

Separator: TypeAlias = Literal[",", ";"]
Field: TypeAlias = str | int | float | Decimal | date | None

BYTE_ORDER_MARK: Final = "\ufeff"
# Where a cell may begin for a program that parts fields at any of these signs. What begins a formula there is looked
# for afterwards: in the pattern, each of many tabs in a row would be begun at anew.
_CELL_START: Final = re.compile(r"""(^|[;,|\t\n])([\s"]*)""")
# The signs that a text is read as a formula by, also as wide as Chinese ones.
_FORMULA_SIGNS: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_DROPPED: Final = frozenset("\t\r")
_INDENTED: Final = re.compile(r"""(\n"*)(?=[\t\r])""")


def csv_bytes(rows: Iterable[Sequence[Field]], separator: Separator = ",", *, mark: str = "") -> bytes:
    """Write rows; `mark` stands before the first. Texts are made harmless, numbers and days stay what they are.

    Where a semicolon parts the fields, a comma stands before decimals: Danish spreadsheets read both.
    """
    text = io.StringIO(newline="")
    text.write(mark)
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([_written(field, separator) for field in row] for row in rows)
    return text.getvalue().encode()


def harmless(text: str) -> str:
    """Put an apostrophe wherever a formula could begin; spreadsheets read what follows one as text.

    `=1+1` becomes `'=1+1`, and `tak;=1+1` becomes `tak;'=1+1`. Where spaces stand before the formula, which some
    programs take away and others part fields at, there is one on either side of them. No cell begins with a tab or the
    end of a line, since programs that drop these look for a formula behind them.
    Source: OWASP, CSV injection.
    """
    return _CELL_START.sub(_with_apostrophes, presentable(text))


def _with_apostrophes(found: "re.Match[str]") -> str:
    before, between = found.groups()
    space = _INDENTED.sub(r"\1'", between)
    if found.string[found.end() : found.end() + 1] in _FORMULA_SIGNS:
        return f"{before}'{space}'" if between.strip('"') else f"{before}{space}'"
    # A text that a program parts at its tabs begins no cell with one.
    is_indented = before != "\t" and between.lstrip('"')[:1] in _DROPPED
    return f"{before}'{space}" if is_indented else f"{before}{space}"


def _written(field: Field, separator: Separator) -> str | date | None:
    if isinstance(field, str):
        return harmless(field)
    if isinstance(field, int | float | Decimal):
        return str(field).replace(".", ",") if separator == ";" else str(field)
    return field
