"""Posts a file of events to a running system, batch by batch, in order. Owns batching and trying again.

Every event carries its own identity, so a batch that is sent again is harmless; that is why it may be.
"""

import codecs
import difflib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Literal

import httpx
import orjson
import stamina
from stamina.instrumentation import set_on_retry_hooks

from services.command import access
from services.command.refused_lines import Faulty, unknown_field
from services.command.terminal import locale_language
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX, Owner

BATCHED: Final = "application/cloudevents-batch+json"
# A request holds at most 5 MB; a line may be as long as that leaves room for.
MAX_BATCH_BYTES: Final = 4_000_000
TIMEOUT_SECONDS: Final = 60.0
# How long one batch is tried: little for a system that never answered, more for one that did.
FIRST_PATIENCE_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 60.0
FIRST_DELAY_SECONDS: Final = 0.1
LONGEST_DELAY_SECONDS: Final = 2.0
OWNERS: Final[dict[str, Owner]] = {
    event.type_name(): owner for owner, catalogue in CATALOGUES.items() for event in catalogue.events
}

OnError = Literal["refuse", "skip"]


class BadLine(access.CommandFailed):
    """A line of the file is no event that could be sent."""

    def __init__(self, line: int, code: str, detail: str, danish: str) -> None:
        self.fault = Faulty(line, "", code, detail, danish)
        super().__init__(self.fault.sentence(locale_language()))


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one owner that stand together in the file; `numbers` are their lines, from 1."""

    owner: Owner
    lines: Sequence[bytes]
    numbers: Sequence[int]


@dataclass(slots=True)
class Summary:
    """What became of a file; `cursors` is how far each owner's log had come when it answered."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    seconds: float = 0.0
    warnings: int = 0
    cursors: dict[str, tuple[int, str]] = field(default_factory=dict)
    faults: list[Faulty] = field(default_factory=list)

    @property
    def at_least(self) -> str:
        """Give the cursors as a report takes them."""
        return ",".join(f"{owner}:{sequence}{suffix}" for owner, (sequence, suffix) in sorted(self.cursors.items()))


class BatchRefused(access.CommandFailed):
    """A service refused a batch; nothing of it is stored."""

    def __init__(self, answer: httpx.Response, batch: Batch) -> None:
        super().__init__(access.explained(answer))
        self.status = answer.status_code
        self.retry_after = answer.headers.get("Retry-After", "")
        errors = access.problem_in(answer).get("errors") or []
        self.faults = [_faulty(error, batch) for error in errors]

    @property
    def worth_another_try(self) -> bool:
        """Tell whether time may mend it: the service has too much to do, or waits for what another one tells it.

        An event that hangs on one that is not yet known is refused beside it for another reason, so one is enough.
        """
        busy = {
            httpx.codes.TOO_MANY_REQUESTS,
            httpx.codes.BAD_GATEWAY,
            httpx.codes.SERVICE_UNAVAILABLE,
            httpx.codes.GATEWAY_TIMEOUT,
        }
        return self.status in busy or any(fault.code == "not_yet_known" for fault in self.faults)


def batches(stream: BinaryIO, limit: int, skipped: Callable[[BadLine], None] | None = None) -> Iterator[Batch]:
    """Cut a file of JSON lines into batches, reading no further than the one that is given.

    `skipped` is told of each line that is no event, and the lines after it are read; without it the first one ends it.

    Raises:
        BadLine: a line is no event, or the file ends in the middle of one; the batch it stood in is not given.
    """
    owner: Owner | None = None
    lines: list[bytes] = []
    numbers: list[int] = []
    size = 0
    for number, line in _lines(stream):
        try:
            its_owner = _owner(number, line)
        except BadLine as bad:
            if skipped is None:
                raise
            skipped(bad)
            continue
        if lines and owner and (its_owner != owner or len(lines) == limit or size + len(line) > MAX_BATCH_BYTES):
            yield Batch(owner, lines, numbers)
            lines, numbers, size = [], [], 0
        owner = its_owner
        lines.append(line)
        numbers.append(number)
        size += len(line) + 1
    if lines and owner:
        yield Batch(owner, lines, numbers)


async def post(  # noqa: PLR0913  each is an option of the command
    stream: BinaryIO,
    *,
    url: str,
    sender: httpx.Auth,
    limit: int,
    on_error: OnError = "refuse",
    acknowledged: bool = False,
    advanced: Callable[[Batch], None] = lambda _: None,
    summary: Summary,
) -> None:
    """Post a file and add to the summary as it goes, so that it holds what was done when this fails, too.

    Raises:
        BadLine: see `batches`; what stood before that batch is posted.
        BatchRefused: a service refused a batch.
        httpx.TransportError: nobody answered for as long as we were willing to wait.
    """
    # What stamina would log about a new attempt is no news for the user.
    set_on_retry_hooks(())
    started = time.monotonic()
    headers = {"Content-Type": BATCHED}
    try:
        async with httpx.AsyncClient(base_url=url, headers=headers, auth=sender, timeout=TIMEOUT_SECONDS) as client:
            patience = FIRST_PATIENCE_SECONDS
            parameters = {"on_error": on_error, **({"acknowledged": "true"} if acknowledged else {})}
            for batch in batches(stream, limit, _skipping(summary) if on_error == "skip" else None):
                _count(summary, await _send(client, batch, parameters, patience), batch)
                patience = PATIENCE_SECONDS
                advanced(batch)
    finally:
        summary.seconds += time.monotonic() - started


def _skipping(summary: Summary) -> Callable[[BadLine], None]:
    """Note lines that are no events among the faults, and go on."""

    def note(bad: BadLine) -> None:
        summary.rejected += 1
        summary.faults.append(bad.fault)

    return note


async def _send(
    client: httpx.AsyncClient, batch: Batch, parameters: Mapping[str, str], patience: float
) -> dict[str, Any]:
    """Send one batch, again where that may help, until it is stored or our patience is over."""
    started = time.monotonic()

    def again(error: Exception) -> bool | float:
        if isinstance(error, httpx.TransportError):
            return time.monotonic() < started + patience
        if not isinstance(error, BatchRefused) or not error.worth_another_try:
            return False
        # A busy service says when to come back; what is not yet known will be in a moment.
        told = error.status != httpx.codes.CONFLICT and error.retry_after.isascii() and error.retry_after.isdigit()
        return float(error.retry_after) if told else True

    async for attempt in stamina.retry_context(
        on=again,
        attempts=None,
        timeout=PATIENCE_SECONDS,
        wait_initial=FIRST_DELAY_SECONDS,
        wait_max=LONGEST_DELAY_SECONDS,
        wait_jitter=FIRST_DELAY_SECONDS,
    ):
        with attempt:
            answer = await client.post(
                f"/{batch.owner}/events",
                params=parameters,
                content=b"[" + b",".join(batch.lines) + b"]",
            )
            if answer.status_code not in {httpx.codes.OK, httpx.codes.CREATED}:
                raise BatchRefused(answer, batch)
    document: dict[str, Any] = orjson.loads(answer.content)
    return document


def _count(summary: Summary, document: dict[str, Any], batch: Batch) -> None:
    summary.accepted += document["accepted"]
    summary.duplicates += document["duplicates"]
    summary.rejected += document["rejected"]
    owner, _, place = document["cursor"].partition(":")
    sequence, at, epoch = place.partition("@")
    # After the log was put back its numbers begin anew; the last answer is of the log as it is now.
    before, suffix = summary.cursors.get(owner, (0, at + epoch))
    summary.cursors[owner] = (max(before, int(sequence)) if suffix == at + epoch else int(sequence), at + epoch)
    for event in document["events"]:
        summary.warnings += len(event.get("warnings", ()))
        summary.faults.extend(_faulty(error, batch) for error in event.get("errors", ()))


def _faulty(error: dict[str, Any], batch: Batch) -> Faulty:
    index = error.get("index")
    pointer, code, detail = (str(error.get(name, "")) for name in ("pointer", "code", "detail"))
    if not isinstance(index, int) or index >= len(batch.numbers):
        return Faulty(None, pointer, code, detail)
    line = batch.numbers[index]
    if code == "unknown_field" and (named := unknown_field(line, pointer, batch.lines[index])):
        return named
    return Faulty(line, pointer, code, detail)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give the lines that are not blank, with their numbers; never holds more than one."""
    number = 0
    while line := stream.readline(MAX_BATCH_BYTES + 1):
        number += 1
        if len(line) > MAX_BATCH_BYTES:
            raise BadLine(
                number,
                "request_too_large",
                f"this is longer than {MAX_BATCH_BYTES} bytes",
                f"Den er længere end {MAX_BATCH_BYTES} bytes.",
            )
        # What editors and spreadsheets of Windows put before UTF-8.
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if text := line.strip():
            yield number, text


def _owner(number: int, line: bytes) -> Owner:
    """Give the service that a line's event belongs to."""
    try:
        event = orjson.loads(line.decode())
    except UnicodeDecodeError:
        said = (
            "this is not UTF-8; save the file as UTF-8 and post it again",
            "Det er ikke UTF-8. Gem filen som UTF-8, og send den igen.",
        )
        raise BadLine(number, "malformed_json", *said) from None
    except orjson.JSONDecodeError as error:
        said = (
            f"this is not JSON, or is cut off: {error.msg} at column {error.colno}",
            f"Det er ikke JSON, eller linjen er afkortet: det går galt ved tegn {error.colno}.",
        )
        raise BadLine(number, "malformed_json", *said) from None
    kind = event.get("type") if isinstance(event, dict) else None
    if not isinstance(kind, str):
        said = "this is not a CloudEvent: it has no type", "Det er ikke en CloudEvent: den har ingen type."
        raise BadLine(number, "missing_field", *said)
    if kind not in OWNERS:
        raise BadLine(number, "unknown_event_type", *_no_such_type(kind[:100]))
    return OWNERS[kind]


def _no_such_type(kind: str) -> tuple[str, str]:
    """Say that there is no such type, and which was probably meant, such as one without its beginning or end."""
    short = {name.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX): name for name in OWNERS}
    asked = kind.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)
    english, danish = f"there is no event type {kind!r}", f"Typen {kind!r} findes ikke."
    if close := difflib.get_close_matches(asked, short, n=1):
        return f"{english}; did you mean {short[close[0]]!r}?", f"{danish} Mente du {short[close[0]]!r}?"
    return f"{english}; docs/events.md lists those that there are", f"{danish} De, der findes, står i docs/events.md."
