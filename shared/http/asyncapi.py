"""The AsyncAPI document of a service: what it puts on its stream, and whose streams it follows. Owns no stream."""

import functools
from typing import Any, Final

from fastapi import APIRouter

from shared.backbone.pages import PAGE_BYTES
from shared.backbone.streams import stream_name
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData, Owner
from shared.http import schemas

VERSION: Final = "3.0.0"
TIMESTAMP: Final = {"type": "string", "format": "date-time"}


@functools.cache
def asyncapi_route(title: str, owner: Owner, follows: tuple[Owner, ...]) -> APIRouter:
    """Make `GET /asyncapi.json` for one service.

    The document is made when it is first asked for, beside the event loop: it takes a quarter of a second, which a
    service that starts has not.
    """
    router = APIRouter(tags=["operations"])
    made = functools.cache(functools.partial(document, title, owner, follows))

    @router.get("/asyncapi.json", summary="The AsyncAPI document")
    def get_asyncapi() -> dict[str, Any]:
        """Give what the service puts on its stream and which streams it follows."""
        return made()

    return router


def document(title: str, owner: Owner, follows: tuple[Owner, ...]) -> dict[str, Any]:
    """Give the document.

    Raises:
        NameTaken: two owners' events have different schemas of one name.

    Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
    """
    owners = [name for name in (owner, *follows) if name in CATALOGUES]
    described: dict[str, Any] = {}
    for name in owners:
        schemas.add(described, {**CATALOGUES[name].definitions(), **CATALOGUES[name].own_definitions()})
    operations = {
        f"{'publish' if name == owner else 'follow'}_{name}": {
            "action": "send" if name == owner else "receive",
            "channel": {"$ref": f"#/channels/{name}"},
        }
        for name in owners
    }
    return {
        "asyncapi": VERSION,
        "info": {
            "title": title,
            "version": "1",
            "description": "Streams carry the entries of an owner's log, in order, as pages that the owner signed; the"
            " log itself is the record.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in owners},
        "operations": operations,
        "components": {
            "messages": {event.event_name: _message(event) for name in owners for event in _logged(name)},
            "schemas": described,
        },
    }


def _channel(owner: Owner) -> dict[str, Any]:
    return {
        "address": stream_name(owner),
        "description": f"What {owner} has accepted: a Redis stream, each of whose messages has two fields. `page` is a"
        " JSON array of consecutive entries of the log, each of which is one of the messages listed here; up to"
        f" {PAGE_BYTES} bytes, or one entry that is longer. `signature` is 64 bytes: Ed25519, by the owner. Whoever"
        " follows reads nothing of a message whose signature is not good.",
        "messages": {
            event.event_name: {"$ref": f"#/components/messages/{event.event_name}"} for event in _logged(owner)
        },
    }


def _logged(owner: Owner) -> tuple[type[EventData], ...]:
    """Give the events that stand in an owner's log."""
    return (*CATALOGUES[owner].events, *CATALOGUES[owner].own)


def _message(event: type[EventData]) -> dict[str, Any]:
    return {
        "name": event.event_name,
        "title": event.label_da,
        "summary": event.label_en,
        "payload": {
            "type": "object",
            "required": ["sequence", "recorded", "event", "outcome"],
            "properties": {
                "sequence": {"type": "integer", "minimum": 1, "description": "Its place in the owner's log."},
                "recorded": {**TIMESTAMP, "description": "When the owner took it."},
                "event": {"$ref": f"#/components/schemas/{event.__name__}Event"},
                "outcome": {"type": ["object", "null"], "description": "What the owner decided beyond the event."},
            },
        },
    }
