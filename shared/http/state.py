"""What a running service holds, typed: what its frame owns, and the parts that the service adds (ADR 74).

Routes ask here for what they need, by a name or a class that the type checker knows. Owns no rule, and opens nothing.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from starlette.applications import Starlette

from shared.backbone.consumer import Consumer
from shared.backbone.continuity import Continuity
from shared.backbone.rebuilding import Rebuilder
from shared.backbone.rejections import RejectionNotes
from shared.backbone.relay import Relay
from shared.backbone.signatures import Signer
from shared.backbone.write_path import Writer
from shared.background import Kept
from shared.database import Line, Pool
from shared.events.envelope import ServiceName
from shared.fairness import Shares
from shared.metrics import Metrics
from shared.pulse import Pulse
from shared.settings import Settings
from shared.tokens import Credential, TrustedKeys

if TYPE_CHECKING:
    from shared.tracing import Tracing

PartT = TypeVar("PartT")


@dataclass(slots=True, eq=False, repr=False)
class State:
    """What one service holds, in the order in which it comes to be there.

    What has no value here is set as the service starts, before it takes a request; to ask for it earlier is a bug, and
    an `AttributeError`.
    """

    # From when the application is made.
    name: ServiceName
    settings: Settings
    metrics: Metrics
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    # From its start: what it reads with, and what it keeps running.
    trusted: TrustedKeys = field(init=False)
    # Of a service that has a log: what proves who it is, and the public keys of all that have one.
    signer: Signer = field(init=False)
    credential: Credential = field(init=False)
    services: Mapping[str, Ed25519PublicKey] = field(default_factory=dict)
    tracing: "Tracing | None" = None
    line: Line = field(init=False)
    pool: Pool = field(init=False)
    pulse: Pulse = field(init=False)
    kept: list[Kept] = field(default_factory=list)
    background: list[asyncio.Task[None]] = field(default_factory=list)
    # Where it takes events.
    bodies: Shares = field(init=False)
    continuity: Continuity = field(init=False)
    relay: Relay | None = None
    rejections: RejectionNotes = field(init=False)
    writing_pool: Pool = field(init=False)
    writer: Writer = field(init=False)
    # Where it follows others, and can be made anew from their logs.
    consumers: tuple[Consumer, ...] = ()
    rebuilder: Rebuilder = field(init=False)
    # What the service adds, each by its class: its own settings, and what its `parts` make.
    _parts: dict[type[Any], Any] = field(default_factory=dict)

    def add(self, *parts: object) -> None:
        """Add parts of the service, each in place of one of the same class."""
        self._parts.update({type(part): part for part in parts})

    def part(self, kind: type[PartT]) -> PartT:
        """Return the service's part of a class.

        Raises:
            KeyError: it has none, which is a bug of whoever puts the service together.
        """
        found: PartT = self._parts[kind]
        return found


def carry(app: Starlette, state: State) -> None:
    """Give an application its state; the one attribute of Starlette's own state that is used."""
    app.state.service = state


def state_in(app: Starlette) -> State:
    """Return the state of an application."""
    state: State = app.state.service
    return state


def state_of(request: Request) -> State:
    """Return the state of the service that is asked."""
    state: State = request.scope["app"].state.service
    return state


def part_of(request: Request, kind: type[PartT]) -> PartT:
    """Return a part of the service that is asked, by its class: `part_of(request, Reports)`."""
    return state_of(request).part(kind)
