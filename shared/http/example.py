"""Makes examples for the documentation of an interface: a value that fits a schema, and a call of a route. Pure."""

import shlex
from typing import Any, Final

Json = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"
DAY: Final = "2026-03-02"
MOMENT: Final = "2026-03-02T12:00:00Z"
AREA: Final = "/areas/urbanplanen"
# What stands in an example where the schema alone says too little.
BY_NAME: Final = {
    "id": "example-1",
    "source": AREA,
    "area": "urbanplanen",
    "plan": "amagerplanen-2026",
    "cvr": "25313763",
    "report": "network",
    "cursor": "registry:4,funding:1",
    "digest": "0" * 64,
    "scale_min": 1,
    "scale_max": 5,
}
# What may be left out by itself, but stands in for something else that may be left out too.
ALSO_GIVEN: Final = frozenset({"headcount"})
HOST: Final = "$HELHEDSNET"


def of(described: Json, document: Json, name: str = "") -> Any:  # noqa: ANN401  any JSON
    """Give a value that fits a schema of a document; what may be left out is."""
    schema = _resolved(described, document)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if name in BY_NAME:
        return BY_NAME[name]
    kind = schema.get("type")
    if kind == "object":
        required = ALSO_GIVEN.union(schema.get("required", ()))
        fields = schema.get("properties", {}).items()
        return {field: of(inner, document, field) for field, inner in fields if field in required}
    if kind == "array":
        return [of(schema.get("items", {}), document, name)]
    if kind in {"integer", "number"}:
        return _number(schema)
    return kind == "boolean" or _text(schema, name)


def _resolved(schema: Json, document: Json) -> Json:
    """Follow references, and take the first of several choices."""
    if reference := schema.get("$ref"):
        return _resolved(document["components"]["schemas"][reference.removeprefix(REFERENCE)], document)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _resolved(schema[choice][0], document)
    return schema


def call(document: Json, path: str, method: str, operation: Json) -> str:
    """Give a command that calls a route."""
    steps = {
        parameter["name"]: BY_NAME.get(parameter["name"], f"<{parameter['name']}>")
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path"
    }
    required = [
        f"{parameter['name']}=<{parameter['name']}>"
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter["required"]
    ]
    query = f"?{'&'.join(required)}" if required else ""
    words = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    if operation.get("security"):
        words += ["-H", '"Authorization: Bearer $TOKEN"']
    if "requestBody" in operation:
        media_type = next(iter(operation["requestBody"]["content"]))
        words += ["-H", f'"Content-Type: {media_type}"', "-d", shlex.quote("@event.json")]
    return " ".join([*words, f'"{HOST}{document["servers"][0]["url"]}{path.format(**steps)}{query}"'])


def _number(schema: Json) -> int:
    least: int = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    most: int = schema.get("maximum", 1)
    return max(least, min(1, most))


def _text(schema: Json, name: str) -> str:
    if schema.get("format") == "date":
        return DAY
    if schema.get("format") == "date-time":
        return MOMENT
    return name.replace("_", "-") or "text"
