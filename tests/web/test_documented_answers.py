"""Every route of every service answers as its OpenAPI document says: its status, its media type, and its JSON."""

import collections
import itertools
from collections.abc import Iterator
from typing import Any, Final

import httpx
import jsonschema
import pytest

from shared.events.envelope import Owner
from tests.support.builders import a_plan
from tests.support.extent import long_but_for
from tests.support.invitations import PATIENCE_SECONDS
from tests.support.systems import System

Json = dict[str, Any]
SERVICES: Final[tuple[Owner, ...]] = ("registry", "funding", "reporting")
# What each parameter of a path is filled with.
IN_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "area": ("urbanplanen",),
    "plan": ("amagerplanen-2023",),
    "activity": ("urbanplanen-fritidsjobvejledning",),
    "year": ("2025",),
    "number": ("1",),
    "owner": ("registry", "funding"),
    "sequence": ("1",),
    "name": ("attendance", "plan.approved"),
    "book": ("ledger", "expenses", "trial-balance"),
    "suffix": ("csv", "xlsx"),
}
ROLES: Final = ("admin", "auditor", "lead", "service")
# A parameter that cannot be read, for routes that take one.
UNREADABLE: Final = {"limit": "x", "from": "x", "cursor": "\x00", "at_least": "x", "area": "a" * 600}
STREAM: Final = "text/event-stream"
FOR_GOOD: Final = frozenset({"/rebuild", "/log/acceptance"})


# What reporting answers is documents and drawings too.
@pytest.mark.parametrize("service", long_but_for(SERVICES, ("registry",)))
async def test_every_answer_is_as_the_document_says(rich_system: System, service: Owner) -> None:
    """With every role and without any, with a known entity tag, with what is not there and with what cannot be read."""
    asked: collections.Counter[int] = collections.Counter()
    async with _client(rich_system) as client:
        document = (await client.get(f"/{service}/openapi.json")).json()
        tokens = [rich_system.token(role) for role in ROLES]
        tokens += [rich_system.token("coordinator", "urbanplanen"), ""]
        for path, method, operation in _operations(document):
            answered: set[str] = set()
            for filled, query in _ways(path, operation):
                for token in tokens:
                    headers = {"authorization": f"Bearer {token}"} if token else {}
                    for tag in ("", *answered) if _takes_a_tag(operation) else ("",):
                        told = {**headers, "if-none-match": tag} if tag else headers
                        answer = await _ask(client, method, f"/{service}{filled}", query, told)
                        _check(document, operation, answer, f"{method} {filled} {query}")
                        asked[answer.status_code] += 1
                        answered |= (
                            {answer.headers["etag"]} if answer.is_success and "etag" in answer.headers else set()
                        )
    assert {200, 401, 403, 404} <= asked.keys()
    assert asked[304] > 0 or service == "funding"


@pytest.mark.parametrize("service", SERVICES)
async def test_every_answer_to_a_post_is_as_the_document_says(rich_system: System, service: Owner) -> None:
    """Nothing new, a fault, no JSON, no media type of ours, too much, and nobody; nothing is stored by it."""
    plan = a_plan("amagerplanen-2023")
    async with _client(rich_system) as client:
        document = (await client.get(f"/{service}/openapi.json")).json()
        operation = document["paths"]["/events"]["post"]
        admin = {"authorization": f"Bearer {rich_system.token('admin')}"}
        said = []
        for headers, content, media_type in (
            (admin, b"[]", "application/json"),
            (admin, b"{", "application/json"),
            (admin, b"{}", "application/cloudevents+json"),
            (admin, httpx.Request("POST", "http://x", json=[plan]).content, "application/json"),
            (admin, b"[]", "text/plain"),
            (admin, b" " * 6_000_000, "application/json"),
            ({}, b"[]", "application/json"),
        ):
            told = {**headers, "content-type": media_type}
            answer = await client.post(f"/{service}/events", content=content, headers=told)
            _check(document, operation, answer, f"{media_type} {content[:40]!r}")
            said.append(answer.status_code)
        assert {200, 400, 401, 413, 415, 422} <= set(said)


def _client(system: System) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=system.address, timeout=PATIENCE_SECONDS)


async def _ask(
    client: httpx.AsyncClient, method: str, path: str, query: dict[str, str], headers: dict[str, str]
) -> httpx.Response:
    """Ask, and read the answer; of a stream its beginning."""
    async with client.stream(method, path, params=query, headers=headers) as answer:
        if not answer.headers.get("content-type", "").startswith(STREAM):
            await answer.aread()
        return answer


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Give every operation but those that change something; they are asked with what is not there."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if (path, method) != ("/events", "post") and not (method == "post" and path in FOR_GOOD):
                yield path, method, operation


def _ways(path: str, operation: Json) -> Iterator[tuple[str, dict[str, str]]]:
    """Give an address with everything that its path may name, with what there is none of, and an unreadable query."""
    parameters = operation.get("parameters", [])
    required = {each["name"]: "sessions" for each in parameters if each["in"] == "query" and each["required"]}
    names = [each["name"] for each in parameters if each["in"] == "path"]
    for values in itertools.product(*(IN_PATHS[name] for name in names)):
        yield path.format(**dict(zip(names, values, strict=True))), required
    if names:
        nothing = {name: "9" if name in {"year", "number", "sequence"} else "nothing" for name in names}
        yield path.format(**nothing), required
    for each in parameters:
        if each["in"] == "query" and each["name"] in UNREADABLE:
            filled = path.format(**{name: IN_PATHS[name][0] for name in names})
            yield filled, {**required, each["name"]: UNREADABLE[each["name"]]}


def _takes_a_tag(operation: Json) -> bool:
    return "304" in operation["responses"]


def _check(document: Json, operation: Json, answer: httpx.Response, where: str) -> None:
    """Check an answer against the document: its status and its media type are named, and its JSON fits the schema."""
    status = str(answer.status_code)
    where = f"{where} answered {status}"
    assert status in operation["responses"] or answer.is_error, f"{where}, of which the document does not speak"
    documented = operation["responses"].get(status) or operation["responses"]["default"]
    contents = documented.get("content", {})
    media_type = answer.headers.get("content-type")
    if not contents:
        assert media_type is None or not answer.content, f"{where} with a body of {media_type}"
        return
    found = next((content for name, content in contents.items() if _is_same(name, media_type)), None)
    assert found is not None, f"{where} as {media_type}, not as one of {', '.join(contents)}"
    if "json" in media_type:
        schema = {**found.get("schema", {}), "components": document["components"]}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def _is_same(documented: str, sent: str | None) -> bool:
    return sent is not None and documented.partition(";")[0] == sent.partition(";")[0]
