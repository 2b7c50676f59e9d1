"""The forms in which events are posted: every mode of CloudEvents, and what is no post at all. Owns no event."""

import gzip
import json
import random
import zlib
from typing import Any, Final
from urllib.parse import quote

from shared.events.envelope import Owner
from tests.fuzz import mutations, texts
from tests.fuzz.calls import Call, Headers
from tests.support.builders import Json

STRUCTURED: Final = "application/cloudevents+json"
BATCHED: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
MEDIA_TYPES: Final = (
    *(
        "text/plain",
        "",
        "application/xml",
        "application/json;charset=utf-16",
        "APPLICATION/JSON",
        "multipart/form-data",
    ),
    *(
        "application/cloudevents+json; charset=latin-1",
        "application/x-www-form-urlencoded",
        "*/*",
        "application/json\x00",
    ),
)
ON_ERRORS: Final = ("skip", "refuse", "", "SKIP", "skip&on_error=refuse", "%00", "⚽", "a" * 3_000, "skip%0d%0aX: 1")
STRANGE_HEADERS: Final[Headers] = (
    ("Accept-Language", "en;q=0.9, da;q=2, *;q=-1, ⚽"),
    ("Accept-Encoding", "gzip;q=0, br, identity;q=0"),
    ("If-None-Match", '*, W/"x", ", é'),
    ("X-Forwarded-For", "127.0.0.1, ' OR 1=1"),
    ("X-Forwarded-Host", "evil.example"),
    ("Host", "{evil.example"),
    ("Host", "evil.example"),
    ("Host", '"`'),
    ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"),
    ("traceparent", "⚽"),
    ("Cookie", "helhedsnet_session=x; helhedsnet_session=; a"),
    ("Range", "bytes=0-0,5-"),
    ("Expect", "100-continue"),
    ("X-Long", "x" * 20_000),
    ("Accept", "text/html"),
    ("Last-Event-ID", "٣"),
    ("Content-Length", "-1"),
    ("Content-Length", "+5"),
    ("Transfer-Encoding", "chunked, identity"),
    ("Connection", "close"),
)
# With these HTTP itself may be wrong, so that a server hangs up.
BREAKING: Final = frozenset({"Content-Length", "Transfer-Encoding", "X-Long", "Expect"})


def post(owner: Owner, body: bytes, who: Headers, *, media_type: str = JSON, query: str = "") -> Call:
    """Post a body."""
    target = f"/{owner}/events{f'?on_error={query}' if query else ''}"
    return Call("POST", target, (("Content-Type", media_type), *who), body, f"POST /{owner}/events")


def of_events(owner: Owner, events: list[Json], who: Headers, dice: random.Random) -> Call:
    """Post events as some sender would; of several, the good ones are often kept."""
    if len(events) == 1 and dice.random() < 0.85:
        if dice.random() < 0.1 and _fits_headers(events[0]):
            return _binary(owner, events[0], who)
        return post(owner, mutations.as_bytes(events[0], dice), who, media_type=dice.choice((STRUCTURED, JSON)))
    query = dice.choice(("skip", "skip", "", "refuse"))
    return post(owner, mutations.as_bytes(events, dice), who, media_type=dice.choice((BATCHED, JSON)), query=query)


def raw(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    """Post something that is hardly a post."""
    return dice.choice(RAW)(owner, event, who, dice)


def _binary(owner: Owner, event: Json, who: Headers) -> Call:
    attributes = tuple(
        (f"ce-{name}", quote(str(value), safe=":/+-. ")) for name, value in event.items() if name != "data"
    )
    return post(owner, json.dumps(event["data"]).encode("utf-8", "surrogatepass"), (*who, *attributes))


def _fits_headers(event: Json) -> bool:
    return "data" in event and all(
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and name.replace("_", "").isalnum()
        and name.isascii()
        and value.strip() == value
        and value
        for name, value in event.items()
        if name != "data"
    )


def _headers(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    chosen = dice.sample(STRANGE_HEADERS, dice.choice((1, 1, 2)))
    call = post(owner, json.dumps(event).encode(), (*who, *chosen))
    is_broken = any(name in BREAKING for name, _ in chosen)
    return Call(call.method, call.target, call.headers, call.body, call.route, unending=is_broken, broken=is_broken)


def _media_type(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    return post(owner, json.dumps(event).encode(), who, media_type=dice.choice(MEDIA_TYPES))


def _query(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    return post(owner, json.dumps([event]).encode(), who, query=quote(dice.choice(ON_ERRORS), safe="%&="))


def _packed(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    body = json.dumps(event).encode()
    name, packed = dice.choice((("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("br", body)))
    return post(owner, packed if dice.random() < 0.8 else body, (*who, ("Content-Encoding", name)))


def _binary_mode(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    """Post in binary mode with attributes that no event has, twice, or in no UTF-8."""
    attributes: list[tuple[str, str]] = [(f"ce-{name}", str(event.get(name))) for name in ("specversion", "id", "type")]
    attributes += dice.sample(
        [
            *(
                ("ce-id", "%ff"),
                ("ce-id", "%fe"),
                ("ce-id", ""),
                ("ce-source", "%2Fnetwork"),
                ("ce-data", "{}"),
                ("ce-", "x"),
            ),
            *(
                ("ce-time", "%00"),
                ("ce-specversion", "0.3"),
                ("ce-subject", "\xe6\xf8\xe5"),
                ("ce-data_base64", "AA=="),
            ),
            *(("ce-time", "2025-08-01T08:00:00Z"), ("ce-source", "/network"), ("ce-id", "%F0%9F%98%80" * 60)),
        ],
        3,
    )
    body = dice.choice((json.dumps(event.get("data")).encode(), b"", b"null", b"[1]", b"{"))
    return post(owner, body, (*who, *attributes))


def _no_json(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    whole = json.dumps(event).encode()
    bodies = (
        *(
            b"",
            b" ",
            b"null",
            b"true",
            b"0",
            b'""',
            b"[]",
            b"{}",
            b"[[]]",
            b"[null]",
            b"{",
            b"[",
            b"\xef\xbb\xbf" + whole,
        ),
        *(whole[: len(whole) // 2], whole + whole, whole + b",", whole.decode().encode("utf-16"), whole + b"\x00"),
        *(b"\xff\xfe" + whole, whole.replace(b'"', b"'"), b"[" + whole + b",]", b"/*x*/" + whole, b"data=" + whole),
        *(b'{"a":' * 2_000 + b"1" + b"}" * 2_000, b"[" * 100_000, b"[" + b"1," * 20_000 + b"1]", b"9" * 50_000),
        *(b'{"data":{},' + whole[1:], whole[:-1] + b',"id":"igen","source":"/network"}', b"-" + whole),
        texts.text(dice).encode("utf-8", "surrogatepass"),
    )
    return post(owner, dice.choice(bodies), who, media_type=dice.choice((STRUCTURED, BATCHED, JSON)))


def _half(owner: Owner, event: Json, who: Headers, dice: random.Random) -> Call:
    """Say half of a request, and hang up."""
    body = json.dumps(event).encode()
    promised: Any = dice.choice((len(body) + 100, 5_000_000, 10**12))
    call = post(owner, body, (*who, ("Content-Length", str(promised))))
    return Call(call.method, call.target, call.headers, body, call.route, unending=True, broken=True)


RAW: Final = (_headers, _media_type, _query, _packed, _binary_mode, _no_json, _no_json, _half)
