"""The page that documents a service's HTTP interface, written from its OpenAPI document. Runs no script.

It takes nothing from anywhere else (ADR 64). Its template, look and icon are the files of the same name beside it.
"""

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.events.fields import LINE_PATTERN, SLUG_PATTERN, TEXT_PATTERN
from shared.http import browsers, example, reading

FOLDER: Final = Path(__file__).parent
KEPT_PAGES: Final = 8
TEMPLATE: Final = "documentation.html"
ASSETS: Final = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
REFERENCE: Final = "#/components/schemas/"
EVENT: Final = re.compile(r"\w+Event")
CODE: Final = Markup("<code>{}</code>")
# What bounds a value, and how that is written.
BOUNDS: Final[Mapping[str, str]] = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "{}",
}
# What the patterns of texts mean; any other is shown as it is.
PATTERNS: Final[Mapping[str, str]] = {
    SLUG_PATTERN: "a slug: letters from a to z, digits and hyphens",
    LINE_PATTERN: "one line",
    TEXT_PATTERN: "without control characters",
    reading.NO_NUL: "",
}

STATUSES: Final[Mapping[str, str]] = {"default": "other"}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of a schema: what it is called, what it holds and what bounds it."""

    name: str
    place: str
    is_required: bool
    kind: Markup
    about: str
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """One form of a body: its media type, and what it holds."""

    media_type: str
    kind: Markup


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    status: str
    about: str
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it; `path` begins with the service's name, `call` is how to try it."""

    anchor: str
    method: str
    path: str
    summary: str
    about: str
    needs_token: bool
    parameters: tuple[Value, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    call: str


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema as the page shows it; `example` is JSON, and empty where none is given."""

    name: str
    about: str
    kind: Markup
    fields: tuple[Value, ...]
    example: str


@functools.cache
def documentation_routes() -> APIRouter:
    """Make the routes of the page, of its style sheet and of its icon."""
    router = APIRouter(include_in_schema=False)
    # Relative to the page, so that they hold wherever a gateway puts the service.
    addresses = {suffix: _add_asset(router, suffix, media_type) for suffix, media_type in ASSETS.items()}

    @router.get("/docs")
    async def get_documentation(request: Request) -> Response:
        """Show the documentation."""
        body = _page(orjson.dumps(request.app.openapi()), addresses["css"], addresses["svg"])
        headers = {**browsers.HEADERS, "Content-Security-Policy": browsers.PAGE_POLICY}
        return Response(body, headers=headers, media_type="text/html")

    return router


def _add_asset(router: APIRouter, suffix: str, media_type: str) -> str:
    """Add the route of one file, at an address with the hash of its content, and give that address."""
    content = (FOLDER / f"documentation.{suffix}").read_bytes()
    address = f"docs/documentation.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"

    @router.get(f"/{address}")
    async def get_asset() -> Response:
        """Give the file, to be kept for good."""
        return Response(content, headers={"Cache-Control": browsers.FOR_GOOD}, media_type=media_type)

    return address


@functools.lru_cache(maxsize=KEPT_PAGES)
def _page(written: bytes, style: str, icon: str) -> str:
    """Write the page of an OpenAPI document, once."""
    document: Json = orjson.loads(written)
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters["code"] = _with_code
    schemas = list(_schemas(document))
    return found.get_template(TEMPLATE).render(
        title=document["info"]["title"],
        base=_base(document),
        style=style,
        icon=icon,
        themes=_themes(document),
        events=[schema for schema in schemas if schema.example],
        schemas=[schema for schema in schemas if not schema.example],
    )


def _themes(document: Json) -> dict[str, list[Operation]]:
    """Give the operations by what they are about, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            theme = operation.get("tags", ["other"])[0]
            found.setdefault(theme, []).append(_operation(document, path, method, operation))
    return found


def _operation(document: Json, path: str, method: str, operation: Json) -> Operation:
    contents = operation.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=_anchor(f"{method} {path}"),
        method=method.upper(),
        path=f"{_base(document)}{path}",
        summary=operation["summary"],
        about=operation["description"],
        needs_token=bool(operation.get("security")),
        parameters=tuple(_parameter(parameter) for parameter in operation.get("parameters", ())),
        bodies=tuple(_contents(contents)),
        answers=tuple(
            Answer(STATUSES.get(status, status), said["description"], tuple(_contents(said.get("content", {}))))
            for status, said in operation["responses"].items()
        ),
        call=example.call(document, path, method, operation),
    )


def _contents(contents: Json) -> Iterator[Content]:
    for media_type, content in contents.items():
        yield Content(media_type, _kind(content.get("schema", {})))


def _parameter(parameter: Json) -> Value:
    schema = parameter["schema"]
    about = parameter.get("description") or schema.get("description", "")
    return _value(parameter["name"], schema, about, place=parameter["in"], is_required=parameter["required"])


def _value(name: str, schema: Json, about: str, *, place: str, is_required: bool) -> Value:
    return Value(name, place, is_required, _kind(schema), about, tuple(_bounds(schema)))


def _schemas(document: Json) -> Iterator[Schema]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        required = schema.get("required", ())
        fields = tuple(
            _value(field, inner, inner.get("description", ""), place="", is_required=field in required)
            for field, inner in schema.get("properties", {}).items()
        )
        shown = ""
        if EVENT.fullmatch(name):
            shown = orjson.dumps(example.of(schema, document, name), option=orjson.OPT_INDENT_2).decode()
        yield Schema(name, schema.get("description", ""), _kind(schema), fields, shown)


def _kind(schema: Json) -> Markup:
    """Say what a value is, with a link to the schema that describes it."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(REFERENCE)
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return Markup(" or ").join(_kind(inner) for inner in schema[choice])
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return Markup(" or ").join(CODE.format(_written(value)) for value in values)
    kind = schema.get("type", "any JSON")
    if kind == "array":
        return Markup("list of {}").format(_kind(schema.get("items", {})))
    if kind == "object" and isinstance(more := schema.get("additionalProperties"), dict):
        return Markup("object, each value {}").format(_kind(more))
    return Markup("{}").format(" or ".join(kind) if isinstance(kind, list) else schema.get("format", kind))


def _bounds(schema: Json) -> Iterator[str]:
    for inner in schema.get("anyOf", [schema]):
        for bound, words in BOUNDS.items():
            if bound in inner and (value := PATTERNS.get(inner[bound], inner[bound])) != "":
                yield words.format(value)
    if default := schema.get("default"):
        yield f"else {_written(default)}"


def _with_code(text: str) -> Markup:
    """Write what stands between backticks as code."""
    return Markup("").join(CODE.format(part) if at % 2 else part for at, part in enumerate(text.split("`")))


def _written(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _base(document: Json) -> str:
    base: str = document["servers"][0]["url"]
    return base


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
