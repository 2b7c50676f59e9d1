"""The OpenAPI document of a service."""

from collections.abc import Iterator

import httpx
import openapi_spec_validator
import pytest

from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from shared.events.catalogue import CATALOGUES
from tests.builders import Json


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


async def test_it_is_served(registry: httpx.AsyncClient, document: Json) -> None:
    """The document can be fetched without a token."""
    answer = await registry.get("/registry/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == document["paths"].keys()
