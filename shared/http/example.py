"""Makes examples for the documentation of an interface: a value that fits a schema, and a call of a route. Pure."""

import shlex
from typing import Any, Final

Json = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"
# When an event is said: after all that the examples of the events tell of.
MOMENT: Final = "2026-11-02T08:00:00Z"
AREA: Final = "/areas/urbanplanen"
# What stands in an example where the schema has none of its own and says too little.
BY_NAME: Final = {
    "id": "example-1",
    "source": AREA,
    "area": "urbanplanen",
    "plan": "amagerplanen-2026",
}
HOST: Final = "$HELHEDSNET"


def of(described: Json, document: Json, name: str = "") -> Any:  # noqa: ANN401  any JSON
    """Give a value that fits a schema of a document: its own example, else without what may be left out."""
    schema = _resolved(described, document)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if name in BY_NAME:
        return BY_NAME[name]
    if schema.get("type") == "object":
        given: Json = schema.get("examples", ({},))[0]
        shown = given.keys() | schema.get("required", ())
        return {
            field: given[field] if field in given else of(inner, document, field)
            for field, inner in schema.get("properties", {}).items()
            if field in shown
        }
    return MOMENT if schema.get("format") == "date-time" else name.replace("_", "-")


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
