"""The kinds of field that events are made of, with their bounds. Owns no rule that needs state."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared import pseudonyms

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
MAX_AMOUNT_ORE: Final = 10_000_000_000_000
# The largest gathering that an area holds, a festival on its square, is well below this.
MAX_PERSONS: Final = 5_000
MAX_LINE: Final = 200
MAX_TEXT: Final = 4_000

# Pseudonyms that are kept as known, until there are more: more than most networks have people, in a good megabyte.
KNOWN_PSEUDONYMS: Final = 8_192

# Decimals of one field that are kept by the numbers that they were written as.
KNOWN_NUMBERS: Final = 256

# The clocks of an area and of a service differ by less; and who is east of us has a new day before we have.
GRACE_DAYS: Final = 1
# Whoever cancels a session may say so that long before.
A_YEAR_DAYS: Final = 366

SLUG_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"
CLOCK_PATTERN: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
# What has no place in what people write: controls of both kinds, line and paragraph separators, what turns the
# direction of others' text, and the code points that Unicode says are no characters.
_NEVER: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
_NEVER_BEYOND: Final = "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
# Line breaks and tabs may stand in a text, not in a line.
_NEVER_IN_A_LINE: Final = _NEVER + r"\t\n\r"
# The same as far as a schema that people read can say it.
LINE_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f]*\S[^\x00-\x1f\x7f-\x9f]*$"
TEXT_PATTERN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
# Besides blanks: what only forms other signs, what nothing is drawn for, such as the fillers of Hangul, and the empty
# pattern of Braille.
_SEEN: Final = "[^\\s\\p{Cf}\\p{Default_Ignorable_Code_Point}\u2800]"

# RFC 3339, section 5.6, with the offsets that PostgreSQL knows.
MOMENT_PATTERN: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-](0[0-9]|1[0-5]):[0-5][0-9])$"
)
_DAY_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True, slots=True)
class Written:
    """What people write: never blank, and nothing in it that cannot be shown.

    Raises, as pydantic's errors: `blank_text`, `forbidden_character`; what is too long is `string_too_long`.
    """

    pattern: str
    never: str
    max_length: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  as pydantic calls it
        """Check length first, since all else costs time with it."""
        shown = _or_error(
            f"^[^{self.never}{_NEVER_BEYOND}]*$", "forbidden_character", "there is a character that cannot be shown"
        )
        seen = _or_error(_SEEN, "blank_text", "there is nothing but blanks")
        text = core_schema.str_schema(min_length=1, max_length=self.max_length)
        return core_schema.chain_schema([text, shown, seen])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe it as far as a pattern can."""
        return {"type": "string", "minLength": 1, "maxLength": self.max_length, "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class Told:
    """A text that must look so before it is read as something else: pydantic would read a number as well."""

    pattern: str
    means: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  as pydantic calls it
        """Look at the text, then read it."""
        text = _or_error(self.pattern, self.means, _MEANINGS[self.means])
        inner: Any = handler(source)
        return core_schema.chain_schema([core_schema.str_schema(), text, {**inner, "strict": False}])

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:  # noqa: ANN401  as pydantic calls it
        """Describe what it is read as."""
        return handler(schema["steps"][-1])


@dataclass(frozen=True, slots=True)
class FromNumber:
    """A decimal that is sent as a number, never as a text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  as pydantic calls it
        """Read a number, then the decimal that it is written as; few are written, and reading one takes 2 µs."""
        inner: Any = handler(source)
        number = core_schema.float_schema(strict=True, allow_inf_nan=False)
        known: dict[float, Decimal] = {}

        def known_or_read(value: float, read: core_schema.ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  as pydantic calls it
            # -0.0 is equal to 0.0, and is written otherwise.
            found = known.get(value) if value else None
            if found is None:
                found = read(value)
                if value and len(known) < KNOWN_NUMBERS:
                    known[value] = found
            return found

        decimal = core_schema.no_info_wrap_validator_function(known_or_read, {**inner, "strict": False})
        return core_schema.chain_schema([number, decimal])

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:  # noqa: ANN401  as pydantic calls it
        """Describe the number alone."""
        either: list[JsonSchemaValue] = handler(schema["steps"][-1])["anyOf"]
        return next(each for each in either if each["type"] == "number")


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far ahead of the clock a day may lie, in days; `None` is as far as plans go.

    It marks the type of a field; the catalogue, which knows the clock, holds every event against it.
    """

    days: int | None


@dataclass(frozen=True, slots=True)
class IsPseudonym:
    """A text that is written as the area's command and pages write a pseudonym, its check letters included.

    Raises, as pydantic's error: `not_a_pseudonym`.
    """

    pattern: str = pseudonyms.PATTERN

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  as pydantic calls it
        """Take a text, then look at its shape and its check."""
        checked = core_schema.no_info_plain_validator_function(_checked)
        return core_schema.chain_schema([core_schema.str_schema(), checked])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe its shape."""
        return {"type": "string", "pattern": self.pattern, "examples": [_EXAMPLE]}


@dataclass(frozen=True, slots=True)
class KnownAtOnce:
    """A list of at most so many pseudonyms: where all are known already, none of them is looked at by itself."""

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  as pydantic calls it
        """Look for all in one step; one that is not known, or no text, leaves it to what looks at each."""

        def known_or_each(value: Any, each: core_schema.ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  whatever was sent
            if isinstance(value, list) and len(value) <= self.most and _are_known(value):
                return value
            return each(value)

        return core_schema.no_info_wrap_validator_function(known_or_each, handler(source))


@dataclass(frozen=True, slots=True)
class OfAPerson:
    """It marks the type of a field that stands for a person."""


@dataclass(frozen=True, slots=True)
class Tells:
    """It marks the type of a text in which people tell what happened, so that somebody may be named in it."""


@dataclass(frozen=True, slots=True)
class IsReference:
    """It marks the type of a text that is a reference or a number by nature, so eight digits in it are no telephone."""


_MEANINGS: Final = {
    "day_unreadable": "write a day as 2026-03-01",
    "moment_unreadable": "write a time as RFC 3339 says, with an offset: 2026-03-01T09:00:00+01:00",
}


_NO_PSEUDONYM: Final = "this is no pseudonym; make one with helhedsnet pseudonym or on the page /pseudonyms"
_EXAMPLE: Final = "p-djdbdskgbfhvvmqhvpcvhc"


# Whoever comes to a session came to the one before: of most lists, every pseudonym is known to be one. What is none is
# not kept, so that nobody can fill this with anything else.
_known: set[str] = set()


def _checked(text: str) -> str:
    if text not in _known:
        if not pseudonyms.is_pseudonym(text):
            raise PydanticCustomError("not_a_pseudonym", _NO_PSEUDONYM)
        if len(_known) >= KNOWN_PSEUDONYMS:
            _known.clear()
        _known.add(text)
    return text


def _are_known(values: list[Any]) -> bool:
    """Tell whether all of a list are known pseudonyms; what cannot be one of a set is none."""
    try:
        return _known.issuperset(values)
    except TypeError:
        return False


def _or_error(pattern: str, code: Any, message: Any) -> CoreSchema:  # noqa: ANN401  pydantic wants literals
    return core_schema.custom_error_schema(
        core_schema.str_schema(pattern=pattern), custom_error_type=code, custom_error_message=message
    )


Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
# What stands for a person; and what did so before pseudonyms had a form, which is taken where it is known already.
Pseudonym = Annotated[str, IsPseudonym(), OfAPerson()]
KnownPseudonym = Annotated[Slug, OfAPerson()]
# Free text, a line or more: names and sentences, which the guard against personal data reads.
Line = Annotated[str, Written(LINE_PATTERN, _NEVER_IN_A_LINE, MAX_LINE)]
Text = Annotated[str, Written(TEXT_PATTERN, _NEVER, MAX_TEXT), Tells()]
# A line that is no name: what was paid for, or why something was done.
Remark = Annotated[Line, Tells()]
# The number of a letter, a voucher or a file, as somebody else gave it.
Reference = Annotated[Line, IsReference()]
CvrNumber = Annotated[str, Field(pattern=r"^[0-9]{8}$"), IsReference()]
AnyDay = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), Told(_DAY_PATTERN, "day_unreadable")]
# The day of a fact, which has happened; of what is planned; and of what is called off.
Day = Annotated[AnyDay, Ahead(GRACE_DAYS)]
PlannedDay = Annotated[AnyDay, Ahead(None)]
CalledOffDay = Annotated[AnyDay, Ahead(A_YEAR_DAYS)]
# On the clock of the place, to the minute.
TimeOfDay = Annotated[str, StringConstraints(pattern=CLOCK_PATTERN)]
Year = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
# A year of which something can be told: it has begun.
BegunYear = Annotated[Year, Ahead(GRACE_DAYS)]
Moment = Annotated[
    datetime,
    Field(
        ge=datetime(FIRST_DAY.year, 1, 1, tzinfo=UTC),
        le=datetime(LAST_DAY.year, 12, 31, tzinfo=UTC),
    ),
    Told(MOMENT_PATTERN, "moment_unreadable"),
]
AmountOre = Annotated[int, Field(ge=1, le=MAX_AMOUNT_ORE)]
Persons = Annotated[int, Field(ge=0, le=MAX_PERSONS)]
Hours = Annotated[
    Decimal,
    Field(gt=0, le=24, max_digits=4, decimal_places=2),
    FromNumber(),
    PlainSerializer(float, return_type=float, when_used="json"),
]
Score = Annotated[
    Decimal,
    Field(ge=-1_000, le=1_000, max_digits=6, decimal_places=2),
    FromNumber(),
    PlainSerializer(float, return_type=float, when_used="json"),
]
Figure = Annotated[
    Decimal,
    Field(ge=-1_000_000_000, le=1_000_000_000, max_digits=14, decimal_places=4),
    FromNumber(),
    PlainSerializer(float, return_type=float, when_used="json"),
]
# What others measured of an area; its own bounds are in the table of such figures.
MeasuredByOthers = Annotated[
    Decimal,
    Field(ge=0, le=1_000_000, max_digits=14, decimal_places=4),
    FromNumber(),
    PlainSerializer(float, return_type=float, when_used="json"),
]
