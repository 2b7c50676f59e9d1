"""Whether an answer may be given. Owns every claim about a single call, and asks nothing itself."""

import json
import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

import orjson

from shared.codes import MESSAGES
from shared.events.registry.people import ConsentWithdrawn
from tests.fuzz.calls import Answer, Call
from tests.fuzz.findings import Breach, Findings
from tests.fuzz.nonsense import nonsense
from tests.support.builders import Json

# What a request as a whole is refused with; what an event is refused with stands in `shared.codes`.
OF_REQUESTS: Final = frozenset(
    (
        *("events_refused", "unauthenticated", "forbidden", "not_found", "too_large", "busy", "not_there_yet"),
        *("unsupported_media_type", "invalid_parameter", "malformed_json", "method_not_allowed", "bad_request"),
        *("invalid_cursor", "bad_cursor", "two_directions", "period_and_days", "invalid_period", "invalid_form"),
        *(
            "already_running",
            "dates_reversed",
            "too_many_requests",
            "request_incomplete",
            "unknown_host",
            "unknown_language",
            "malformed_header",
            "malformed_request",
            "request_timeout",
            "head_too_large",
            "period_too_long",
        ),
    )
)
COME_BACK: Final = frozenset({429, 503, 504})
PUT_OFF_CODES: Final = frozenset({"busy", "not_there_yet", "too_many_requests", "not_ready"})
RETRY_AFTER: Final = frozenset({429, 503})
ATTRIBUTE: Final = "ce-"


def judge_answer(call: Call, answer: Answer) -> Iterator[Breach]:
    """Say what is wrong with an answer, whatever was asked."""
    if answer.status == 0:
        if not call.broken and not call.unending:
            yield Breach("no answer", answer.failure, call=call)
        return
    if answer.failure:
        yield Breach("an answer was cut short", f"{answer.status} {answer.failure}", call=call)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not is_put_off(answer):
        yield Breach(f"answered {answer.status}", answer.shortly(), call=call)
    if answer.status in RETRY_AFTER and "retry-after" not in answer.headers:
        yield Breach(f"a {answer.status} without Retry-After", answer.shortly(), call=call)


def is_put_off(answer: Answer) -> bool:
    """Tell whether an answer says: not now."""
    return (answer.status in COME_BACK and answer.code in PUT_OFF_CODES) or (
        answer.status == HTTPStatus.TOO_MANY_REQUESTS
    )


def _whole(digits: str) -> float:
    """Read a whole number of any length; Python reads none of more than some thousand digits as one."""
    return int(digits) if len(digits) < sys.int_info.str_digits_check_threshold else float(digits)


def events_in(call: Call) -> list[Any]:
    """Give the events that a call sends, as a reader of JSON finds them; none where it finds none."""
    try:
        document = json.loads(call.body, parse_int=_whole)
    except (ValueError, RecursionError):
        return []
    attributes = {
        name.lower().removeprefix(ATTRIBUTE): unquote(value)
        for name, value in call.headers
        if name.lower().startswith(ATTRIBUTE)
    }
    # The service reads attributes from headers where they name the version of the specification, and only there.
    if "specversion" in attributes and any(
        value.startswith("application/json") for name, value in call.headers if name == "Content-Type"
    ):
        return [{**attributes, "data": document}]
    return document if isinstance(document, list) else [document]


def judge_post(owner: str, call: Call, answer: Answer, may_not: str, findings: Findings) -> list[Json]:
    """Note what became of the events of a post, and give those that were accepted."""
    events = events_in(call)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        _judge_refusal(call, answer, events, findings)
        return []
    accepted: list[Json] = []
    results = answer.json().get("events", [])
    if len(results) != len(events):
        findings.breach(Breach("not one result for each event", answer.shortly(), call=call))
        return []
    for event, result in zip(events, results, strict=True):
        name = _name(event)
        if result["status"] == "rejected":
            _judge_errors(name, call, result["errors"], findings)
        else:
            note_stored(owner, call, answer, event, result, findings)
            if result["status"] == "accepted":
                accepted.append(event)
                findings.coverage.accepted[name] += 1
                for said in nonsense(event):
                    findings.breach(Breach(f"accepted {said.partition(':')[0]}", said, call=call, event=event))
    if accepted and may_not:
        findings.breach(Breach("accepted from who may not", f"{may_not}: {answer.shortly()}", call=call))
    return accepted


def note_stored(
    owner: str, call: Call, answer: Answer, event: Json, result: dict[str, Any], findings: Findings
) -> None:
    """Judge that one event of a request is told as stored, and note what is promised by that."""
    identity = (str(event.get("source")), str(event.get("id")))
    known = findings.promises[owner].get(identity)
    if result["status"] == "duplicate":
        findings.coverage.duplicates += 1
    elif known is not None:
        findings.breach(Breach("accepted twice", f"{identity} at {known} and {result['sequence']}", call=call))
    if known is not None and known != result["sequence"]:
        findings.breach(Breach("a different sequence", f"{identity}: {known}, then {result['sequence']}", call=call))
    is_asked_again = answer.was_asked_again or identity in findings.unanswered
    if known is None and result["status"] == "duplicate" and not is_asked_again:
        findings.breach(Breach("a duplicate of nothing", f"{identity}: {result}", call=call))
    findings.promises[owner].setdefault(identity, result["sequence"])
    _note_withdrawn([event], findings)


def _note_withdrawn(events: list[Any], findings: Findings) -> None:
    told = [event for event in events if isinstance(event, dict) and event.get("type") == ConsentWithdrawn.type_name()]
    data = [event["data"] for event in told if isinstance(event.get("data"), dict)]
    findings.withdrawn.update(each["participant"] for each in data if isinstance(each.get("participant"), str))


def _judge_refusal(call: Call, answer: Answer, events: list[Any], findings: Findings) -> None:
    if answer.status == 0:
        findings.unanswered.update((str(e.get("source")), str(e.get("id"))) for e in events if isinstance(e, dict))
        _note_withdrawn(events, findings)
        return
    problem = answer.json()
    code = problem.get("code")
    if code not in OF_REQUESTS and code not in MESSAGES and not is_put_off(answer) and not call.broken:
        findings.breach(Breach("refused with a code that nobody knows", f"{code}: {answer.shortly()}", call=call))
    for error in problem.get("errors", ()):
        index = error.get("index")
        event = events[index] if isinstance(index, int) and index < len(events) else None
        _judge_errors(_name(event), call, [error], findings)


def _judge_errors(name: str, call: Call, errors: list[dict[str, Any]], findings: Findings) -> None:
    for error in errors:
        code = str(error.get("code"))
        findings.coverage.refused[name][code] += 1
        if code not in MESSAGES and "parameter" not in error:
            findings.breach(Breach("refused with a code that nobody knows", orjson.dumps(error).decode(), call=call))


def _name(event: object) -> str:
    kind = event.get("type") if isinstance(event, dict) else None
    return str(kind).removeprefix("dk.helhedsnet.").removesuffix(".v1")[:40] if kind else "?"
