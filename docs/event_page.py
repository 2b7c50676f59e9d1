"""Writes docs/events.md from the code: every event with its fields, rule, codes, example and JSON Schema.

Run it from the repository as `python -m docs.event_page`; a test tells when the page is out of date.
"""

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pydantic import TypeAdapter

from services.funding.domain import rights as funding_rights
from services.funding.domain import rules as funding
from services.registry.domain import rights as registry_rights
from services.registry.domain import rules as registry
from services.reporting.publishing import rules as reporting
from shared import codes
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.findings import CODES
from shared.events.rights import MEANINGS

PAGE: Final = Path(__file__).parent / "events.md"
RULES: Final[Mapping[str, Mapping[type[EventData], Callable[..., Any]]]] = {
    "registry": registry.RULES,
    "funding": funding.RULES,
    "reporting": reporting.RULES,
}
CHECKS: Final[Mapping[str, Mapping[type[EventData], Callable[..., Any]]]] = {
    "registry": registry_rights.CHECKS,
    "funding": funding_rights.CHECKS,
    "reporting": reporting.CHECKS,
}
# Errors that carry a code of their own, whatever they are raised with.
OF_CLASS: Final = {"NotYetKnown": "not_yet_known"}
# Where rules and checks of rights stand.
RULE_MODULES: Final = frozenset({"domain", "rules"})
# The checks of rights that all services share.
OF_CHECK: Final = {"only_the_network": "network_only", "only_one_of": "foreign_area"}
# What an area does not usually say itself; its example comes from the network.
OF_THE_NETWORK: Final = (
    "area.",
    "pool.",
    "organisation.",
    "plan.",
    "funding.",
    "budget.",
    "statement.",
    "report.",
    "release.",
)
INTRODUCTION: Final = """# Events

Every event that the services take. This page is written from the code by `make docs`; do not edit it.

An event is a CloudEvent 1.0: `id` and `source` together are its identity, `source` is `/network` or `/areas/<area>`,
`type` is `dk.helhedsnet.<name>.v1`, `time` is when the sender stated it, and `data` holds what happened. Post one to
`/<owner>/events` in structured, batched or binary mode. An identifier is a slug, money is a whole number of øre, and a
day is an ISO date. A fact lies at most a day ahead of the clock, and no later than `time`; what is planned may lie
ahead, and a session may be called off up to a year before. A text is not blank and holds no control character, a list
that is given is not empty. A field with a question mark may be left out; a field that is not listed is refused.

Nothing may tell who somebody is: a personal number, a birth date, an e-mail address or a telephone number is refused in
every text, reference and identifier. Where people tell what happened, in a `text`, `reason`, `comment` and their like,
a text that names a person (`person_named`) or where somebody lives (`home_address`) is refused until its sender
confirms that it may: post it with `?acknowledged=true`, and each is a warning in the answer, `person_named:/data/text`.
"""

NOTHING_MORE: Final = "nothing beyond what any event is refused with"
RIGHTS: Final = """## Who may say what

The network says everything; a token of the role admin speaks for it and for every area. A coordinator speaks for its
own areas, and these say what concerns them. Whoever is not entitled is answered `403` with `foreign_area`,
`foreign_organisation` or `network_only`, and nothing is stored. Leads, auditors and services say nothing, and funders
have no token of their own: what they decide is said by an area of the plan, or by the network. A commitment that an
area states is shown as not confirmed until the network says `funding.confirmed`. A plan belongs to the areas that have
consented to it: all of them where the network approved it, else the one that did and those that said `plan.consented`
since. An organisation is the network's, or the area's that was first to register it; Landsbyggefonden
and the municipalities are always the network's. Of a pseudonym an area withdraws what it keeps itself. What a service
says itself stands in its log, and is an `unknown_event_type` where it is posted.
"""


def refusals(event: type[EventData]) -> frozenset[str]:
    """Give the codes with which an event can be refused for who says it, or by its rule."""
    owner = event.event_owner
    if event.said_by == "owner":
        return frozenset()
    return _refusals_of(CHECKS[owner][event]) | _refusals_of(RULES[owner][event])


@cache
def _refusals_of(function: Callable[..., Any]) -> frozenset[str]:
    """Give the codes with which a function refuses, its own and those of whatever it calls in its service's domain."""
    if function.__name__ in OF_CHECK:
        return frozenset({OF_CHECK[function.__name__]})
    return frozenset(_codes_in(function, set()))


def shape_codes(event: type[EventData]) -> frozenset[str]:
    """Give the codes with which an event's own shape can be refused."""
    sources = [inspect.getsource(part) for part in (event, *_parts(event))]
    checks = {"check_order(": "dates_reversed", "check_named_once(": "named_twice", "_named_once(": "named_twice"}
    found: set[str] = {
        code for code in CODES.values() if code in codes.SHAPES and any(f'"{code}"' in text for text in sources)
    }
    found |= {code for call, code in checks.items() if any(call in text for text in sources)}
    return frozenset(found)


def _parts(event: type[EventData]) -> Iterator[type[Any]]:
    module = inspect.getmodule(event)
    for name in json.dumps(TypeAdapter(event).json_schema()).split('"#/$defs/')[1:]:
        part = getattr(module, name.split('"')[0], None)
        if isinstance(part, type):
            yield part


def _codes_in(function: Callable[..., Any], seen: set[str]) -> Iterator[str]:
    module = inspect.getmodule(function)
    if module is None or not RULE_MODULES.intersection(module.__name__.split(".")) or function.__qualname__ in seen:
        return
    seen.add(function.__qualname__)
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        if isinstance(node, ast.Call):
            yield from _codes_of_call(node, module, seen)


def _codes_of_call(call: ast.Call, module: ModuleType, seen: set[str]) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    if name in ("Refused", "NotEntitled") and text:
        yield text
    elif name == "unknown" and text:
        yield f"unknown_{text}"
    elif name in OF_CLASS | OF_CHECK:
        yield (OF_CLASS | OF_CHECK)[name]
    elif callable(called := _named(call.func, module)) and not isinstance(called, type):
        yield from _codes_in(called, seen)


def _named(node: ast.expr, module: ModuleType) -> Any:  # noqa: ANN401  anything may have a name
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = getattr(module, node.value.id, None)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    return None


def page() -> str:
    """Give the whole page."""
    parts = [INTRODUCTION, _table_of_rights()]
    for owner, rules in RULES.items():
        parts.append(f"## Owned by {owner} (`POST /{owner}/events`)\n")
        events = [event for event in EVENTS if event.event_owner == owner]
        parts.extend(f"- [`{event.event_name}`](#{_anchor(event)}): {event.label_da}" for event in events)
        parts.append("")
        parts.extend(_section(event, rules.get(event)) for event in events)
    parts.append(_table_of_codes())
    return "\n".join(parts)


def _table_of_rights() -> str:
    said = {
        word: ", ".join(f"[`{event.event_name}`](#{_anchor(event)})" for event in EVENTS if event.said_by == word)
        for word in MEANINGS
    }
    rows = "\n".join(f"| {meaning} | {said[word]} |" for word, meaning in MEANINGS.items())
    return f"{RIGHTS}\n| Said by | Events |\n|---|---|\n{rows}\n"


def _anchor(event: type[EventData]) -> str:
    return event.event_name.replace(".", "")


def _section(event: type[EventData], rule: Callable[..., Any] | None) -> str:
    schema = TypeAdapter(event).json_schema(by_alias=True)
    # The example stands right above it.
    del schema["examples"]
    required = set(schema.get("required", ()))
    fields = "\n".join(
        f"| `{name}{'' if name in required else '?'}` | {_kind(field)} |"
        for name, field in schema["properties"].items()
    )
    found = sorted(shape_codes(event) | refusals(event))
    return f"""### {event.event_name}

**{event.label_da}** / {event.label_en}. {inspect.getdoc(event)}

Said by: {MEANINGS[event.said_by]}.

Rule: {inspect.getdoc(rule) if rule else "none; it stands in the log when it has happened."}

| Field | Type |
|---|---|
{fields}

Refused with: {", ".join(f"`{code}`" for code in found) or NOTHING_MORE if rule else "`unknown_event_type`, always"}.

```json
{json.dumps(_example(event), ensure_ascii=False, indent=2)}
```

<details><summary>JSON Schema of the data</summary>

```json
{json.dumps(schema, ensure_ascii=False, indent=1)}
```

</details>
"""


def _example(event: type[EventData]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "example-1",
        "source": "/network" if event.event_name.startswith(OF_THE_NETWORK) else "/areas/urbanplanen",
        "type": event.type_name(),
        "time": "2026-11-02T08:00:00Z",
        "data": event.example,
    }


def _kind(field: Mapping[str, Any]) -> str:
    """Say a field's type in a few words, from its JSON Schema."""
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_kind(item) for item in field["anyOf"] if item.get("type") != "null"))
    if field.get("type") == "array":
        return f"list of {_kind(field['items'])}"
    if field.get("type") == "string" and "format" not in field and "enum" not in field:
        is_slug = str(field.get("pattern", "")).startswith("^[a-z0-9]")
        return "slug" if is_slug else f"text{_bounds(field, 'Length')}"
    named: dict[str, Callable[[], str]] = {
        "$ref": lambda: str(field["$ref"]).rpartition("/")[2],
        "enum": lambda: ", ".join(f"`{value}`" for value in field["enum"]),
        "format": lambda: "day",
        "additionalProperties": lambda: "øre by slug",
    }
    told = next((say() for mark, say in named.items() if mark in field), None)
    return told or f"{field.get('type', 'any')}{_bounds(field, 'imum')}"


def _bounds(field: Mapping[str, Any], ending: str) -> str:
    least = field.get(f"min{ending}", field.get("exclusiveMinimum") if ending == "imum" else None)
    most = field.get(f"max{ending}")
    return "" if most is None else f", {'above 0' if least is None else least} to {most}"


def _table_of_codes() -> str:
    used: dict[str, set[str]] = {}
    for rules in RULES.values():
        for event in rules:
            for code in shape_codes(event) | refusals(event):
                used.setdefault(code, set()).add(event.event_name)
    rows = "\n".join(
        f"| `{code}` | {danish} | {english} | "
        f"{'any' if code in codes.READING else ', '.join(f'`{name}`' for name in sorted(used.get(code, ())))} |"
        for code, (danish, english) in sorted(codes.MESSAGES.items())
    )
    return f"## Codes\n\n| Code | Dansk | English | Events |\n|---|---|---|---|\n{rows}\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE.name} is written\n")
