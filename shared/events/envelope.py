"""The CloudEvents envelope and what every event's data has in common. Owns no event of its own."""

from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from shared.events.fields import Line, Moment
from shared.events.rights import SaidBy

TYPE_PREFIX = "dk.helhedsnet."
TYPE_SUFFIX = ".v1"
NETWORK = "/network"
AREA_PREFIX = "/areas/"

Owner = Literal["registry", "funding", "reporting"]
# Every service; access owns no log.
ServiceName = Literal["registry", "funding", "reporting", "access"]
SOURCE_PATTERN = r"^/(network|areas/[a-z0-9][a-z0-9-]{0,62})$"
Source = Annotated[str, StringConstraints(pattern=SOURCE_PATTERN)]


class EventData(BaseModel):
    """The data of one kind of event. A subclass is the one definition of that event."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    event_name: ClassVar[str]
    event_owner: ClassVar[Owner]
    label_da: ClassVar[str]
    label_en: ClassVar[str]
    said_by: ClassVar[SaidBy]
    # Whether it makes its owner rewrite earlier lines of the log.
    erases: ClassVar[bool]
    # Whether it changes what earlier events said, so that these have to be applied before it.
    revises: ClassVar[bool]
    # The data of one such event as JSON has it, with every field that it may have: what a sender may rely on.
    example: ClassVar[dict[str, Any]]

    def __init_subclass__(  # noqa: PLR0913  what a class statement says of an event
        cls,
        *,
        name: str,
        owner: Owner,
        label_da: str,
        label_en: str,
        said_by: SaidBy,
        example: dict[str, Any],
        erases: bool = False,
        revises: bool = False,
    ) -> None:
        """Take from the class statement what it says of the event; whatever it lacks is an error at once."""
        super().__init_subclass__()
        cls.event_name = name
        cls.event_owner = owner
        cls.label_da = label_da
        cls.label_en = label_en
        cls.said_by = said_by
        cls.erases = erases
        cls.revises = revises or erases
        cls.example = example

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the data, with its example."""
        described = handler(schema)
        handler.resolve_ref_schema(described)["examples"] = [cls.example]
        return described

    @classmethod
    def type_name(cls) -> str:
        """Give the CloudEvents `type` of this event."""
        return f"{TYPE_PREFIX}{cls.event_name}{TYPE_SUFFIX}"


DataT = TypeVar("DataT", bound=EventData)


class CloudEvent(BaseModel, Generic[DataT]):
    """A CloudEvents 1.0 event in its JSON form.

    Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    specversion: Literal["1.0"]
    id: Line
    source: Source
    type: str
    time: Moment
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Line | None = None
    subject: Line | None = None
    traceparent: (
        Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None
    ) = None
    tracestate: Line | None = None
    data: Annotated[DataT, Field(description="What happened; the fields are those of the event's type.")]

    @property
    def area(self) -> str | None:
        """Give the area that speaks, None when it is the network."""
        return self.source.removeprefix(AREA_PREFIX) if self.source != NETWORK else None

    def as_logged(self) -> bytes:
        """Give its JSON as the log holds it: what digests are made of, so everybody makes it here."""
        # The serializer itself: `model_dump_json` makes a text of these bytes, which would be encoded again.
        return self.__pydantic_serializer__.to_json(self, exclude_none=True, by_alias=True)
