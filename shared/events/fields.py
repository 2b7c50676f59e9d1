"""The kinds of field that events are made of, with their bounds. Owns no rule that needs state."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer, StringConstraints

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
MAX_AMOUNT_ORE = 10_000_000_000_000
MAX_PERSONS = 10_000

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
# Control characters have no place in a name, and PostgreSQL cannot store NUL; line breaks and tabs may stand in a text.
LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"
TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
Line = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, min_length=1, max_length=4000)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Year = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(FIRST_DAY.year, 1, 1, tzinfo=UTC),
        le=datetime(LAST_DAY.year, 12, 31, tzinfo=UTC),
    ),
]
AmountOre = Annotated[int, Field(ge=1, le=MAX_AMOUNT_ORE)]
Persons = Annotated[int, Field(ge=0, le=MAX_PERSONS)]
Hours = Annotated[
    Decimal,
    Field(gt=0, le=24, max_digits=4, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
]
Score = Annotated[
    Decimal,
    Field(ge=-1_000, le=1_000, max_digits=6, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
]
Figure = Annotated[
    Decimal,
    Field(ge=-1_000_000_000, le=1_000_000_000, max_digits=14, decimal_places=4),
    PlainSerializer(float, return_type=float, when_used="json"),
]
