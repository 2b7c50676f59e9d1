"""The events that reporting owns. Nothing here needs state: rules that do are in reporting's own rules."""

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.context_figures import CONTEXT_FIGURES
from shared.events.envelope import EventData
from shared.events.fields import SLUG_PATTERN, Day, MeasuredByOthers, Reference, Slug

# Which there are is data (ADR 161): the schema and the forms name the codes of the table.
if TYPE_CHECKING:
    ContextIndicator: TypeAlias = str
else:
    ContextIndicator = Literal[tuple(CONTEXT_FIGURES)]
ALL_OF_IT: Final = 100
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ReportName = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(network|areas/{SLUG_PATTERN[1:-1]})(\?from={_DAY}&to={_DAY})?$",
        max_length=200,
    ),
]
ReportCursor = Annotated[
    str,
    StringConstraints(
        pattern=r"^registry:[0-9]{1,18},funding:[0-9]{1,18}(,reporting:[0-9]{1,18})?$",
    ),
]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ContextImported(
    EventData,
    name="context.imported",
    owner="reporting",
    label_da="Områdetal indlæst",
    label_en="Context imported",
    said_by="area",
    example={
        "area": "urbanplanen",
        "indicator": "income_pct",
        "value": 58.4,
        "date": "2025-01-01",
        "source": "Listen over udsatte boligområder 2025",
    },
):
    """What somebody else measured of an area on a day, such as the yearly list of areas; a later word replaces it."""

    area: Slug
    indicator: ContextIndicator
    value: MeasuredByOthers
    date: Day
    source: Reference

    @model_validator(mode="after")
    def _lies_within_bounds(self) -> Self:
        figure = CONTEXT_FIGURES[self.indicator]
        if figure.least <= self.value <= figure.most:
            return self
        if figure.most == ALL_OF_IT and self.value > ALL_OF_IT:
            raise PydanticCustomError("over_a_hundred", "a share is at most 100 per cent")
        bounds = {"least": figure.least, "most": figure.most}
        raise PydanticCustomError("outside_bounds", "it lies from {least} to {most}", bounds)


class ReportPublished(
    EventData,
    name="report.published",
    owner="reporting",
    label_da="Rapport offentliggjort",
    label_en="Report published",
    said_by="area",
    example={
        "report": "network?from=2025-08-01&to=2026-07-31",
        "cursor": "registry:1234,funding:77,reporting:5",
        "digest": "5d41402abc4b2a76b9719d911017c592ae3f2f1d2c1b0a99887766554433221f",
    },
):
    """A report is frozen as everybody sees it: which one, at which cursor, and the digest that it had there."""

    report: ReportName
    cursor: ReportCursor
    digest: Digest


class ReleaseMade(
    EventData,
    name="release.made",
    owner="reporting",
    label_da="Opgørelse lavet",
    label_en="Release made",
    said_by="owner",
    example={
        "number": 3,
        "month": "2026-10",
        "cursor": "registry:1234,funding:77,reporting:5",
        "digest": "5d41402abc4b2a76b9719d911017c592ae3f2f1d2c1b0a99887766554433221f",
    },
):
    """What readers outside an area are told of people was made for a month: at which cursor, and what digest it has."""

    number: Annotated[int, Field(ge=1)]
    month: Month
    cursor: ReportCursor
    digest: Digest
