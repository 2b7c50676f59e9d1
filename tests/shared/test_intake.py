"""Posting events over HTTP, and what every error looks like on the wire."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from shared import clock
from shared.events.catalogue import MAX_EVENTS
from shared.events.text_fields import TYPES_OF_PEOPLE
from shared.http.intake import BATCHED, JSON, MAX_BYTES, STRUCTURED
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support.builders import (
    ACTIVITY,
    AREA,
    OTHER_AREA,
    Json,
    a_plan,
    a_running_activity,
    a_start,
    an_activity,
    an_area,
    an_attendance,
    an_enrolment,
    an_event,
    body,
)
from tests.support.keyring import Keyring

EVENTS = "/registry/events"


class Client:
    """Posts events as somebody, and reads the answer."""

    def __init__(self, client: httpx.AsyncClient, bearer: Bearer) -> None:
        self._client = client
        self._bearer = bearer

    async def post(
        self, content: bytes | Json | list[Json], *, media_type: str = JSON, sender: str = "admin", query: str = ""
    ) -> httpx.Response:
        """Post content; `sender` is a role, or an area for its coordinator."""
        headers = self._bearer("coordinator", sender) if sender in {AREA, OTHER_AREA} else self._bearer(sender)
        content = content if isinstance(content, bytes) else body(content)
        return await self._client.post(EVENTS + query, content=content, headers={**headers, "content-type": media_type})

    async def head(self) -> int:
        """Give the last sequence of the log."""
        answer = await self._client.get(f"{EVENTS}?limit=1", headers=self._bearer("service"))
        return int(answer.json()["head"])


@pytest.fixture
def client(registry: httpx.AsyncClient, bearer: Bearer) -> Client:
    """Give a client of a running registry."""
    return Client(registry, bearer)


def _is_a_problem(answer: httpx.Response, status: int, code: str) -> Json:
    """Check that an answer is a problem document, and give it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: Json = answer.json()
    assert document["type"] == "about:blank"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert document["code"] == code
    return document


@pytest.mark.parametrize(
    ("media_type", "many"),
    [
        (STRUCTURED, False),
        (JSON, False),
        (BATCHED, True),
        (JSON, True),
        ("Application/CloudEvents+JSON; charset=UTF-8", False),
    ],
)
async def test_events_are_taken_one_by_one_and_in_batches(client: Client, media_type: str, many: bool) -> None:  # noqa: FBT001  a case of the table
    """Each mode of CloudEvents over HTTP answers alike: what became of each event, and the cursor."""
    event = an_area()
    answer = await client.post([event] if many else event, media_type=media_type)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "cursor": "registry:4",
        "events": [{"id": event["id"], "status": "accepted", "sequence": 4, "warnings": []}],
    }


async def test_a_repeated_post_is_answered_as_a_duplicate(client: Client) -> None:
    """The same post again is 200, and its cursor is that of the first: a report may wait for it."""
    event = an_area()
    await client.post(event)
    answer = await client.post(event)
    assert answer.status_code == 200
    assert (answer.json()["duplicates"], answer.json()["cursor"]) == (1, "registry:4")


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
async def test_another_media_type_is_refused(client: Client, media_type: str) -> None:
    """A body of unknown kind is not guessed at."""
    _is_a_problem(await client.post(an_area(), media_type=media_type), 415, "unsupported_media_type")


async def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    """Broken JSON is 400, with a code."""
    _is_a_problem(await client.post(b'{"specversion": '), 400, "malformed_json")


async def test_the_size_of_a_request_is_bounded(client: Client) -> None:
    """The largest body that fits is read, one byte more is refused, as are too many events."""
    event = body(an_area())
    assert (await client.post(event + b" " * (MAX_BYTES - len(event)))).status_code == 201
    _is_a_problem(await client.post(event + b" " * (MAX_BYTES - len(event) + 1)), 413, "too_large")
    small = an_area()
    _is_a_problem(await client.post([small] * (MAX_EVENTS + 1)), 413, "too_large")


async def test_the_largest_batch_is_stored_whole(client: Client) -> None:
    """Five thousand events go in at once."""
    answer = await client.post([an_area(f"area-{number}") for number in range(MAX_EVENTS)])
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted"] == MAX_EVENTS
    assert await client.head() == MAX_EVENTS + 3


@pytest.mark.parametrize(
    ("status", "code", "event"),
    [
        (422, "wrong_type", an_area(residents="many")),
        (422, "unknown_field", an_area(cpr="x")),
        (422, "unknown_event_type", an_area() | {"type": "dk.helhedsnet.area.sold.v1"}),
        (422, "personal_number", an_enrolment("010190-1234")),
        (422, "outside_plan", an_activity("new", end="2030-01-01")),
        (422, "not_enrolled", an_attendance(participants=["stranger"])),
        (422, "guardian_consent_missing", an_enrolment(age_band="10-12")),
        (403, "foreign_area", an_enrolment(area=OTHER_AREA)),
        (409, "id_reused", a_plan() | {"id": "used"}),
    ],
)
async def test_bad_input_is_refused_with_its_own_code_and_nothing_is_stored(
    client: Client, status: int, code: str, event: Json
) -> None:
    """A single kind of fault gives the answer its status and code; the good events beside it are not stored."""
    await client.post([*a_running_activity(), an_area("used") | {"id": "used"}])
    head = await client.head()
    document = _is_a_problem(await client.post([an_area("good"), event]), status, code)
    assert [(error["index"], error["code"]) for error in document["errors"]] == [(1, code)]
    assert document["errors"][0]["pointer"].startswith("/")
    assert await client.head() == head


async def test_every_faulty_event_of_a_batch_is_listed(client: Client) -> None:
    """A mixture of faults is 422 `events_refused`, and tells of each."""
    batch = [an_area(), an_area(residents="many"), a_start("no-such"), a_plan(areas=["nowhere"]), an_area(cpr=1)]
    document = _is_a_problem(await client.post(batch), 422, "events_refused")
    assert [(error["index"], error["code"]) for error in document["errors"]] == [
        (1, "wrong_type"),
        (2, "unknown_activity"),
        (3, "unknown_area"),
        (4, "unknown_field"),
    ]


async def test_skip_stores_the_good_events_and_lists_the_others(client: Client) -> None:
    """With `on_error=skip` an answer tells of each event, in the order of the batch."""
    batch = [an_area(), an_area(residents="many"), an_area()]
    answer = await client.post(batch, query="?on_error=skip")
    assert answer.status_code == 201
    document = answer.json()
    assert (document["accepted"], document["rejected"]) == (2, 1)
    assert [item["status"] for item in document["events"]] == ["accepted", "rejected", "accepted"]
    assert document["events"][1]["errors"][0]["code"] == "wrong_type"
    assert document["cursor"] == "registry:5"


async def test_a_name_is_told_as_a_warning_once_it_is_acknowledged(client: Client) -> None:
    """Without the sender's word nothing is stored; `acknowledged` is `true` or `false`."""
    told = {"activity": ACTIVITY, "session": "gang-1", "date": "2025-10-14", "reason": "Amina var syg"}
    event = an_event("session.cancelled", told)
    assert [fault["code"] for fault in (await client.post(event)).json()["errors"]] == ["person_named"]
    assert (await client.post(event, query="?acknowledged=perhaps")).status_code == 422
    await client.post(a_running_activity())
    answer = await client.post(event, query="?acknowledged=true")
    assert answer.status_code == 201
    assert answer.json()["events"][0]["warnings"] == ["person_named:/data/reason"]


CLAIMS: Final = {"iss": "helhedsnet", "aud": "helhedsnet", "sub": "p-1", "jti": "1", "kind": "user", "role": "admin"}


async def test_a_request_without_a_good_token_is_refused(
    registry: httpx.AsyncClient, keyring: Keyring, tmp_path: Path
) -> None:
    """None, a broken one, an expired one, one of another key, one without a role of ours: 401, and how to ask."""
    now = clock.now()
    claims: dict[str, Any] = {**CLAIMS, "iat": now, "exp": now + timedelta(hours=1)}
    stranger = Ed25519PrivateKey.generate()
    bad_tokens = [
        None,
        "",
        "nonsense",
        keyring.issue(Identity("admin"), valid_for=timedelta(seconds=-60)),
        jwt.encode(claims, stranger, algorithm="EdDSA"),
        jwt.encode(claims, stranger, algorithm="EdDSA", headers={"kid": next(iter(keyring.issuer.public))}),
        jwt.encode(claims, "x" * 64, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        Keyring(tmp_path).issue(Identity("admin"), valid_for=timedelta(hours=1)),
        keyring.sign(claims, typ="JWT"),
        keyring.sign(claims, kid="reporting"),
        keyring.credential("funding").toward("reporting"),
        *(
            keyring.sign({**claims, **change})
            for change in (
                {"role": "king"},
                {"iss": "other"},
                {"aud": "other"},
                {"kind": "ghost"},
                {"sub": ""},
                {"areas": "all"},
            )
        ),
        *(keyring.sign({name: claims[name] for name in claims if name != missing}) for missing in claims),
    ]
    for token in bad_tokens:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        for method, path in (("POST", EVENTS), ("GET", "/registry/areas"), ("GET", EVENTS)):
            answer = await registry.request(method, path, headers=headers)
            _is_a_problem(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_is_good_until_its_end_and_no_longer(
    registry: httpx.AsyncClient, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor for having been verified before: what is remembered of a token ends with it."""
    token = keyring.issue(Identity("lead"), valid_for=timedelta(minutes=1))
    headers = {"authorization": f"Bearer {token}"}
    now = clock.now
    life, moment = timedelta(minutes=1), timedelta(seconds=2)
    for passed, status in (
        (timedelta(0), 200),
        (life - moment, 200),
        (life, 401),
    ):
        monkeypatch.setattr(clock, "now", lambda passed=passed: now() + passed)
        assert (await registry.get("/registry/areas", headers=headers)).status_code == status, passed


async def test_a_claim_of_a_wrong_type_is_no_token(registry: httpx.AsyncClient, keyring: Keyring) -> None:
    """Also where the signature is right: 401, and no crash."""
    begun = int(clock.now().timestamp()) - 60
    end = begun + 1_800
    claims = {**CLAIMS, "iat": begun, "exp": end, "areas": []}
    no_times = (str(begun), str(end), "soon", [end], {"at": end}, True, float("nan"), float("inf"), -1e300)
    changes: list[Json] = [{name: value} for name in ("exp", "iat", "nbf") for value in (*no_times, 1e300)]
    changes += [{"exp": None}, {"exp": ""}, {"areas": [1]}, {"areas": [None]}, {"areas": [["urbanplanen"]]}]
    changes += [{"role": ["admin"]}, {"role": {}}, {"aud": 1}, {"sub": 1}, {"kind": 1}, {"sid": 1}]
    for change in changes:
        answer = await registry.get(
            "/registry/areas", headers={"authorization": f"Bearer {keyring.sign({**claims, **change})}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), change
    good = {"authorization": f"Bearer {keyring.sign({**claims, 'iat': begun + 0.5, 'nbf': begun})}"}
    assert (await registry.get("/registry/areas", headers=good)).status_code == 200


async def test_a_token_that_is_nested_deeply_is_no_token(registry: httpx.AsyncClient) -> None:
    """Its head is read before its signature is."""
    head = base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=")
    answer = await registry.get("/registry/areas", headers={"authorization": f"Bearer {head}.e30.eA"})
    _is_a_problem(answer, 401, "unauthenticated")


async def test_a_coordinator_speaks_for_its_own_areas_only(client: Client) -> None:
    """A post in another's name is 403; those who only read cannot post at all."""
    await client.post(a_running_activity())
    assert (await client.post(an_enrolment("p-1"), sender=AREA)).status_code == 201
    for sender, event in [
        (OTHER_AREA, an_enrolment("p-2")),
        (AREA, an_area()),
        ("lead", an_enrolment("p-2")),
        ("auditor", an_enrolment("p-2")),
        ("service", an_enrolment("p-2")),
    ]:
        document = _is_a_problem(await client.post(event, sender=sender), 403, "foreign_area")
        assert [fault["pointer"] for fault in document.get("errors", [])] == ["/source"] * (
            sender in {AREA, OTHER_AREA}
        )


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/registry/nothing-here", 404, "not_found"),
        ("GET", "/registry/areas/", 404, "not_found"),
        ("DELETE", "/registry/areas", 405, "method_not_allowed"),
        ("PUT", EVENTS, 405, "method_not_allowed"),
        ("GET", f"{EVENTS}?after=-1", 422, "invalid_parameter"),
        ("GET", f"{EVENTS}?after=9223372036854775808", 422, "invalid_parameter"),
        ("GET", f"{EVENTS}?limit=1001", 422, "invalid_parameter"),
        ("POST", f"{EVENTS}?on_error=ignore", 422, "invalid_parameter"),
    ],
)
async def test_the_frameworks_own_errors_are_problems_too(
    registry: httpx.AsyncClient, bearer: Bearer, method: str, path: str, status: int, code: str
) -> None:
    """Whoever refuses, the answer has one shape and a stable code."""
    answer = await registry.request(method, path, headers=bearer("service"))
    document = _is_a_problem(answer, status, code)
    if status == 422:
        assert document["errors"][0]["code"] == "invalid_value"


async def test_a_crash_is_a_problem_that_tells_nothing(
    registry: httpx.AsyncClient, bearer: Bearer, registry_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is 500 with a code, and its cause stands in the log alone."""
    monkeypatch.setattr(state_in(registry_app), "pool", "no pool at all")
    answer = await registry.get("/registry/areas", headers=bearer("lead"))
    document = _is_a_problem(answer, 500, "internal_error")
    assert "acquire" not in str(document)


async def test_the_metrics_count_what_came_in(client: Client, registry: httpx.AsyncClient) -> None:
    """Accepted, repeated and rejected events are counted, and faults by their code."""
    event = an_area()
    await client.post(event)
    await client.post([event, an_area(cpr=1)], query="?on_error=skip")
    await client.post(an_area(cpr=1))
    metrics = (await registry.get("/registry/metrics")).text
    name = "dk.helhedsnet.area.registered.v1"
    assert f'helhedsnet_intake_events_total{{status="accepted",type="{name}"}} 1.0' in metrics
    assert f'helhedsnet_intake_events_total{{status="duplicate",type="{name}"}} 1.0' in metrics
    assert 'helhedsnet_intake_events_total{status="rejected",type="unreadable"} 1.0' in metrics
    assert 'helhedsnet_intake_faults_total{code="unknown_field"} 2.0' in metrics
    assert "helhedsnet_log_head 4.0" in metrics


def test_metrics_do_not_tell_events_of_people_apart() -> None:
    """How many enrolled or came is told in releases alone; whoever reads metrics is of no area."""
    of_people = {name.removeprefix("dk.helhedsnet.").removesuffix(".v1") for name in TYPES_OF_PEOPLE}
    assert {"participant.enrolled", "attendance.recorded", "volunteer.hours", "business.founded"} <= of_people
    assert {"consent.withdrawn", "outcome.measured", "followup.recorded"} <= of_people
    assert not {"area.registered", "activity.planned", "session.cancelled", "story.published"} & of_people


@pytest.mark.parametrize("value", ["%ff", "%fe", "a%C3", "%80", "%ED%A0%80"])
async def test_an_attribute_in_a_header_that_is_no_text_is_refused(
    registry: httpx.AsyncClient, bearer: Bearer, value: str
) -> None:
    """Bytes that are no UTF-8 would all become the same sign, and two events one."""
    event = an_area()
    headers = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}
    for name in ("ce-id", "ce-subject"):
        answer = await registry.post(
            EVENTS,
            content=body(event["data"]),
            headers={**bearer("admin"), **headers, name: value, "content-type": JSON},
        )
        _is_a_problem(answer, 400, "malformed_header")
    whole = {**headers, "ce-id": "caf%C3%A9", "content-type": JSON}
    answer = await registry.post(EVENTS, content=body(event["data"]), headers={**bearer("admin"), **whole})
    assert answer.json()["events"][0]["id"] == "café"


@pytest.mark.parametrize("name", ["ce-id", "ce-subject", "Ce-Source"])
async def test_an_attribute_that_stands_in_two_headers_is_refused(
    registry: httpx.AsyncClient, bearer: Bearer, name: str
) -> None:
    """One reader would take the first, another the last."""
    event = an_area() | {"subject": "a"}
    sent = [(f"ce-{key}", event[key]) for key in ("specversion", "id", "source", "type", "time", "subject")]
    headers = [*bearer("admin").items(), *sent, (name, event[name[3:].lower()]), ("content-type", JSON)]
    _is_a_problem(await registry.post(EVENTS, content=body(event["data"]), headers=headers), 400, "malformed_header")
