"""What one service brings that the others do not; how they run is the same, and stands in `life` and `application`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from shared.backbone.applying import Apply
from shared.backbone.write_path import UseCases
from shared.database import Connection, Pool
from shared.events.catalogue import Catalogue
from shared.events.envelope import Owner, ServiceName
from shared.http.state import State
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Intake:
    """What a service that takes events brings; `founding` is a file of events that are there from the start.

    `is_followed_back` tells that those it follows follow it too, so that it must be ready without them (ADR 23).
    """

    catalogue: Catalogue
    use_cases: UseCases
    founding: Path | None = None
    is_followed_back: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service different from the others.

    `follows` names the owners whose events it consumes; `apply` is what it does with them. `parts` makes, from the
    database, what the routes ask for by its class; `alongside` is a context, entered last and left first. `status`
    reads what this service tells its operators beyond what every service does.
    """

    name: ServiceName
    title: str
    settings: Settings
    migrations: Path
    routers: Sequence[APIRouter]
    intake: Intake | None = None
    follows: tuple[Owner, ...] = ()
    apply: Apply | None = None
    parts: Callable[[Pool], Iterable[object]] | None = None
    alongside: Callable[[State], AbstractAsyncContextManager[None]] | None = None
    status: Callable[[Connection], Awaitable[Mapping[str, Any]]] | None = None

    @property
    def has_log(self) -> bool:
        """Tell whether it owns or follows a log."""
        return self.intake is not None or bool(self.follows)

    @property
    def owner(self) -> Owner:
        """Its name, as that of the owner of a log.

        Raises:
            TypeError: it owns none, which is a bug of whoever asks.
        """
        if self.name == "access":
            raise TypeError("access owns no log")
        return self.name
