"""The OpenAPI document of a service."""

from collections.abc import Iterator

import httpx
import openapi_spec_validator
import pytest
from fastapi import FastAPI

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import Owner
from shared.http import intake
from shared.http.schemas import NameTaken
from tests.support.builders import Json

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def document() -> Json:
    """Give the registry's document; nothing needs to run for it."""
    return build_app(RegistrySettings()).openapi()


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_it_is_valid_openapi_3_1(document: Json) -> None:
    """A generator of clients can read it."""
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_every_reference_leads_somewhere(document: Json) -> None:
    """No schema is missing."""
    references = set(_references(document))
    assert references
    for reference in references:
        value: object = document
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(value, dict)
            value = value[step]


def test_every_event_of_the_service_is_in_it(document: Json) -> None:
    """What may be posted can be read there, event by event."""
    content = document["paths"]["/events"]["post"]["requestBody"]["content"]
    listed = {item["$ref"] for item in content["application/cloudevents+json"]["schema"]["oneOf"]}
    expected = {f"#/components/schemas/{event.__name__}Event" for event in CATALOGUES["registry"].events}
    assert listed == expected


def test_every_operation_is_described_and_has_its_own_id(document: Json) -> None:
    """A reader finds what each route does."""
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["summary"] and operation["description"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


@pytest.mark.parametrize("owner", ["registry", "funding", "reporting"])
def test_no_event_and_no_answer_share_a_name(owner: Owner) -> None:
    """Each event and each part of one is described as the catalogue has it, and each answer as its class does."""
    described = _app(owner).openapi()["components"]["schemas"]
    for name, schema in CATALOGUES[owner].definitions().items():
        assert described[name] == schema
    openapi_spec_validator.validate(_app(owner).openapi())


def test_two_schemas_of_one_name_are_a_failure() -> None:
    """Whoever gives an answer the name of an event finds out before anybody reads the document."""
    document: Json = {"paths": {}, "components": {"schemas": {"ActivityPlanned": {"type": "string"}}}}
    with pytest.raises(NameTaken, match="ActivityPlanned"):
        intake.describe(document, CATALOGUES["registry"])


@pytest.mark.parametrize(
    ("owner", "path", "media_types"),
    [
        ("funding", "/plans/{plan}/journal.beancount", {"text/plain"}),
        ("funding", "/plans/{plan}/{book}.{suffix}", {"text/csv", XLSX}),
        ("reporting", "/charts/{name}.svg", {"image/svg+xml"}),
        ("reporting", "/charts/{name}.png", {"image/png"}),
        ("reporting", "/reports/network.xlsx", {XLSX}),
        ("reporting", "/reports/network.pdf", {"application/pdf"}),
        ("reporting", "/feed/stream", {"text/event-stream"}),
        ("registry", "/metrics", {"text/plain"}),
    ],
)
def test_what_is_no_json_is_not_called_json(owner: Owner, path: str, media_types: set[str]) -> None:
    """A generator of clients reads a file as a file."""
    content = _app(owner).openapi()["paths"][path]["get"]["responses"]["200"]["content"]
    assert {media_type.partition(";")[0] for media_type in content} == media_types


def _app(owner: Owner) -> FastAPI:
    """Give a service; nothing needs to run for its document."""
    if owner == "registry":
        return build_app(RegistrySettings())
    return build_funding(FundingSettings()) if owner == "funding" else build_reporting(ReportingSettings())


async def test_it_is_served(registry: httpx.AsyncClient, document: Json) -> None:
    """The document can be fetched without a token."""
    answer = await registry.get("/registry/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == document["paths"].keys()
