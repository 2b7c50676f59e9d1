"""The HTTP shapes of the network itself, and of the events that the registry takes."""

from datetime import date
from typing import Any, TypeAlias

from pydantic import BaseModel

from services.registry.domain import rows
from shared.events.envelope import EventData

# `type` is a field below.
EventClass: TypeAlias = type[EventData]


class Area(BaseModel):
    """A housing area."""

    area: str
    name: str
    municipality: str
    residents: int | None
    departments: list[str]

    @classmethod
    def of(cls, row: rows.Area) -> "Area":
        """Make the shape from the row."""
        return cls(
            area=row.area,
            name=row.name,
            municipality=row.municipality,
            residents=row.residents,
            departments=list(row.departments),
        )


class Areas(BaseModel):
    """A page of areas; `next` is the cursor of the page after it, null on the last."""

    areas: list[Area]
    next: str | None


class Organisation(BaseModel):
    """An organisation that takes part somewhere."""

    organisation: str
    name: str
    kind: str
    cvr: str | None

    @classmethod
    def of(cls, row: rows.Organisation) -> "Organisation":
        """Make the shape from the row."""
        return cls(organisation=row.organisation, name=row.name, kind=row.kind, cvr=row.cvr)


class Organisations(BaseModel):
    """A page of organisations; `next` is the cursor of the page after it, null on the last."""

    organisations: list[Organisation]
    next: str | None


class PoolEffortArea(BaseModel):
    """One effort area of a pool."""

    effort_area: str
    name: str


class PoolCrossing(BaseModel):
    """An effort area of this pool, and the one of another pool that carries the same effort."""

    effort_area: str
    other_pool: str
    other_effort_area: str


class Pool(BaseModel):
    """A funding period; `version` counts how often it was defined."""

    pool: str
    name: str
    start: date
    end: date
    version: int
    effort_areas: list[PoolEffortArea]
    crosswalk: list[PoolCrossing]

    @classmethod
    def of(cls, row: rows.Pool) -> "Pool":
        """Make the shape from the row."""
        return cls(
            pool=row.pool,
            name=row.name,
            start=row.start_on,
            end=row.end_on,
            version=row.version,
            effort_areas=[PoolEffortArea(effort_area=slug, name=name) for slug, name in row.effort_areas.items()],
            crosswalk=[
                PoolCrossing(
                    effort_area=item.effort_area,
                    other_pool=item.other_pool,
                    other_effort_area=item.other_effort_area,
                )
                for item in row.crosswalk
            ],
        )


class Pools(BaseModel):
    """Every pool."""

    pools: list[Pool]


class EventKind(BaseModel):
    """One kind of event, with its labels."""

    name: str
    type: str
    owner: str
    label_da: str
    label_en: str

    @classmethod
    def of(cls, event: EventClass) -> "EventKind":
        """Make the shape from the event's class."""
        return cls(
            name=event.event_name,
            type=event.type_name(),
            owner=event.event_owner,
            label_da=event.label_da,
            label_en=event.label_en,
        )


class EventSchema(EventKind):
    """One kind of event, with the JSON Schema of its data."""

    json_schema: dict[str, Any]


class EventKinds(BaseModel):
    """Every kind of event that the registry takes."""

    schemas: list[EventKind]
