"""The events about the network itself: its areas, pools and organisations."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from stdnum.dk import cvr as cvr_number

from shared.events.envelope import EventData
from shared.events.fields import CvrNumber, Line, PlannedDay, Slug
from shared.events.registry.parts import Crossing, EffortArea, check_named_once, check_order

OrganisationKind = Literal[
    "landsbyggefonden", "municipality", "housing_organisation", "foundation", "company", "association", "other"
]


class AreaRegistered(
    EventData,
    name="area.registered",
    owner="registry",
    label_da="Boligområde registreret",
    label_en="Area registered",
    said_by="network",
    example={
        "area": "urbanplanen",
        "name": "Urbanplanen",
        "municipality": "Københavns Kommune",
        "residents": 4200,
        "departments": ["Solvang", "Dyvekevænget"],
    },
):
    """A housing area joins the network; said again, it updates what is known of the area."""

    area: Slug
    name: Line
    municipality: Line
    residents: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    departments: Annotated[list[Line], Field(min_length=1, max_length=200)] | None = None


class PoolDefined(
    EventData,
    name="pool.defined",
    owner="registry",
    label_da="Pulje defineret",
    label_en="Pool defined",
    said_by="network",
    example={
        "pool": "2027-30",
        "name": "Puljen 2027-30",
        "start": "2027-01-01",
        "end": "2030-12-31",
        "effort_areas": [{"effort_area": "beskaeftigelse", "name": "Beskæftigelse"}],
        "crosswalk": [
            {"effort_area": "beskaeftigelse", "other_pool": "2019-26", "other_effort_area": "beskaeftigelse"}
        ],
    },
):
    """A funding period with its effort areas; said again, it replaces what was known of the pool."""

    pool: Slug
    name: Line
    start: PlannedDay
    end: PlannedDay
    effort_areas: Annotated[list[EffortArea], Field(min_length=1, max_length=50)]
    crosswalk: Annotated[list[Crossing], Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_order(self.start, self.end)
        check_named_once([item.effort_area for item in self.effort_areas], "an effort area")
        return self


class OrganisationRegistered(
    EventData,
    name="organisation.registered",
    owner="registry",
    label_da="Organisation registreret",
    label_en="Organisation registered",
    said_by="registrant",
    example={
        "organisation": "boligforening",
        "name": "Boligforeningen",
        "kind": "housing_organisation",
        "cvr": "13585628",
    },
):
    """An organisation that takes part somewhere; said again, it updates what is known of it."""

    organisation: Slug
    name: Line
    kind: OrganisationKind
    cvr: CvrNumber | None = None

    @model_validator(mode="after")
    def _cvr_has_its_check_digit(self) -> Self:
        if self.cvr is not None and not cvr_number.is_valid(self.cvr):
            raise PydanticCustomError("cvr_invalid", "the CVR number's check digit is wrong")
        return self
