"""The errors of the domain: narrow, with a stable code. Owns no HTTP: `shared.http.problems` maps them once."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from shared.codes import Code, QuestionCode, SignInCode

# Where in the state of its life an application leaves for the server why it cannot serve.
REFUSAL: Final = "refusal"
# With which status it is said that somebody is not signed in; else 403.
_SIGN_IN_STATUS: Final[dict[SignInCode, HTTPStatus]] = {
    "unknown_provider": HTTPStatus.NOT_FOUND,
    "provider_away": HTTPStatus.SERVICE_UNAVAILABLE,
    "provider_mistaken": HTTPStatus.BAD_GATEWAY,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one event of a request.

    `index` counts the events of the request from 0 (None when the request itself is at fault), `pointer` is an
    RFC 6901 JSON pointer into that event, `code` is stable, `detail` is for people.

    `type` and `source` are those of an event that could not be read, where they are known: a type of the catalogue, and
    a source that is written like one. They go into no answer and no log.
    """

    index: int | None
    pointer: str
    code: str
    detail: str
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    type: str | None = None
    source: str | None = None


class HelhedsnetError(Exception):
    """Anything the product refuses, with the HTTP status that a client should see."""

    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    code: str = "refused"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Refused(HelhedsnetError):
    """A rule of the domain is broken by one event."""

    def __init__(self, code: Code, detail: str, *, pointer: str = "/data") -> None:
        super().__init__(detail)
        self.code: Code = code
        self.pointer = pointer


class Unanswerable(HelhedsnetError):
    """A question for figures cannot be answered as it is put."""

    def __init__(self, code: QuestionCode, detail: str) -> None:
        super().__init__(detail)
        self.code: QuestionCode = code


class NotYetKnown(Refused):
    """An event names something that another service owns and this one has not heard of yet; try again soon."""

    status = HTTPStatus.CONFLICT

    def __init__(self, kind: str, name: str, *, pointer: str) -> None:
        super().__init__("not_yet_known", f"the {kind} '{name}' is not known here yet", pointer=pointer)


class NotEntitled(Refused):
    """The sender may not say this event, whatever it says."""

    status = HTTPStatus.FORBIDDEN


class ForeignArea(NotEntitled):
    """The sender may not speak for the area that the event concerns."""

    def __init__(self, detail: str, *, pointer: str) -> None:
        super().__init__("foreign_area", detail, pointer=pointer)


class EventsRefused(HelhedsnetError):
    """A request is refused whole; `faults` lists every faulty event, and nothing of it was stored."""

    code = "events_refused"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s); nothing was stored")
        self.faults = faults
        statuses = {fault.status for fault in faults}
        codes = {fault.code for fault in faults}
        # One kind of fault keeps its own status (409 to retry, 403 for a foreign area); a mixture is 422.
        self.status = statuses.pop() if len(statuses) == 1 else HTTPStatus.UNPROCESSABLE_ENTITY
        if len(codes) == 1:
            self.code = codes.pop()


class Unauthenticated(HelhedsnetError):
    """No bearer token, or one that does not verify."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"


class TokenLivesTooLong(Unauthenticated):
    """A token that says it is good for longer than any that this installation signs."""

    code = "token_lives_too_long"


class IssuerUnknown(HelhedsnetError):
    """Whether a token or a session is good cannot be told: who issues them has not answered yet, or not just now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "issuer_unknown"


class Forbidden(HelhedsnetError):
    """The token is good, but its role may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class SignInRefused(HelhedsnetError):
    """Somebody who holds an invitation, or came back from a provider of identities, is not signed in."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, code: SignInCode, detail: str) -> None:
        super().__init__(detail)
        self.code: SignInCode = code
        self.status = _SIGN_IN_STATUS.get(code, HTTPStatus.FORBIDDEN)


class NotFound(HelhedsnetError):
    """There is no such thing to read."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class TooLarge(HelhedsnetError):
    """The request holds more bytes or events than one request may."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class Busy(HelhedsnetError):
    """More is waiting than the service will hold in memory; the client should come back."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"


class TooManyRequests(HelhedsnetError):
    """One sender holds as much as it may at once; others are served, and so is this one when it holds less."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"


class AlreadyRunning(HelhedsnetError):
    """What was asked for is being done already, and only once at a time."""

    status = HTTPStatus.CONFLICT
    code = "already_running"


class LastAdministrator(HelhedsnetError):
    """Whoever is to be let in no more is the last who can let others in; whoever runs the installation may end them."""

    status = HTTPStatus.CONFLICT
    code = "last_administrator"


class LogParted(HelhedsnetError):
    """What was asked for waits for a service that has parted with the owner of a log, until an operator has acted."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "log_parted"


class NotThereYet(HelhedsnetError):
    """A report was asked `at_least` a cursor that reporting did not reach in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    code = "not_there_yet"


class BadRequest(HelhedsnetError):
    """The request cannot be read: its media type, its encoding or its query."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class CannotServe(Exception):
    """A service cannot serve with what it was given, and no second try mends it; `detail` names the way out."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
