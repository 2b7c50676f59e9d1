"""An answer as a Frictionless Data Package: CSV for programs, and a descriptor that says what each field is.

Here amounts are in øre, names are those of the interface, and beside each count of people stands whether it is
withheld.

Source: https://specs.frictionlessdata.io/tabular-data-package/
"""

import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from services.reporting.exports.figures import TITLE, fields, kind_of, table_name
from services.reporting.exports.tables import Language, say
from services.reporting.indicators import DISCLOSURE_RULES
from services.reporting.reports.parts.declaring import BY_NAME
from services.reporting.terms import OF_PEOPLE, Json
from services.reporting.words import DIMENSIONS, HEADINGS, inside, word
from shared.comma_separated import Field, csv_bytes

MEDIA_TYPE: Final = "application/zip"
# The earliest that a zip file can say: the same answer always gives the same bytes.
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
SUPPRESSED: Final = "_suppressed"


def data_package(answer: Json, language: Language) -> bytes:
    """Write an answer as a package: `datapackage.json`, and a file for the rows and for each of the totals."""
    by, wanted = answer["by"], [item["indicator"] for item in answer["indicators"]]
    parts: list[tuple[str, Sequence[str], Sequence[Json]]] = [("figures", by, answer["rows"])]
    parts += [(table_name(total["by"]), total["by"], total["rows"]) for total in answer["totals"]]
    files = {f"{name}.csv": _csv(of_part, rows, wanted) for name, of_part, rows in parts}
    descriptor = {
        "profile": "tabular-data-package",
        "name": "helhedsnet-figures",
        "id": answer["digest"],
        "title": say(TITLE, language),
        "description": "\n".join(note[f"text_{language}"] for note in answer["notes"]),
        "created": answer["as_of"]["recorded"] or "1980-01-01T00:00:00+00:00",
        "period": answer["period"],
        "as_of": answer["as_of"],
        "rules": answer["rules"],
        "filters": answer["filters"],
        "people": answer["people"],
        "resources": [_resource(name, files[f"{name}.csv"], of_part, wanted, language) for name, of_part, _ in parts],
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {"datapackage.json": orjson.dumps(descriptor), **files}.items():
            package.writestr(zipfile.ZipInfo(name, LONG_AGO), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _resource(name: str, text: bytes, by: Sequence[str], wanted: Sequence[str], language: Language) -> Json:
    schema: dict[str, Any] = {"fields": list(_fields(by, wanted, language)), "missingValues": [""]}
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(text),
        "hash": f"sha256:{hashlib.sha256(text).hexdigest()}",
        "schema": schema,
    }


def _fields(by: Sequence[str], wanted: Sequence[str], language: Language) -> Iterator[Json]:
    for name in fields(by):
        yield {"name": name, "type": "string", "title": say(word(DIMENSIONS, name), language)}
    for name in wanted:
        item = BY_NAME[name]
        meaning = (item.definition_da, item.definition_en), DISCLOSURE_RULES[item.disclosure]
        yield {
            "name": name,
            "type": "number" if kind_of(name) in {"decimal", "percent"} else "integer",
            "title": say((item.label_da, item.label_en), language),
            "description": " ".join(say(words, language) for words in meaning),
            "unit": item.unit,
        }
        if name in OF_PEOPLE:
            title = say(inside(HEADINGS["withheld"]), language)
            yield {"name": f"{name}{SUPPRESSED}", "type": "boolean", "title": f"{item.label_da}: {title}"}


def _csv(by: Sequence[str], rows: Sequence[Json], wanted: Sequence[str]) -> bytes:
    columns = [(name, f"{name}{SUPPRESSED}") if name in OF_PEOPLE else (name,) for name in wanted]
    heading = [*fields(by), *itertools.chain(*columns)]
    lines = ([*(row[name] for name in fields(by)), *_all_values(row, wanted)] for row in rows)
    return csv_bytes([heading, *lines])


def _all_values(row: Json, wanted: Sequence[str]) -> Iterator[Field]:
    return itertools.chain.from_iterable(_values(row[name]) for name in wanted)


def _values(value: Any) -> tuple[Field, ...]:  # noqa: ANN401  a figure, none, or a count of people
    """Write a figure, and beside a count of people whether it is withheld; nothing is an empty value."""
    if isinstance(value, Mapping):
        return value["value"], str(value["suppressed"]).lower()
    return (value,)
