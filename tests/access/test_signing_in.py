"""Signing in through a provider, over HTTP: who is let in as what, and everything that lets nobody in.

`tests/web/test_provider_sign_in.py` does it in a browser.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, get_args

import httpx
import pytest
from fastapi import Response
from fastapi.responses import JSONResponse
from joserfc.jwk import RSAKey

from shared import clock
from shared.codes import SIGN_IN, SignInCode
from tests.conftest import MakeDatabase
from tests.support.pages_alone import pages_alone
from tests.support.providers import Mistaken, mistaken, of_python, providers_file, signed_in_there
from tests.support.signing_in import Hosts, hosting

PUBLIC: Final = "https://helhedsnet.test"
RETURN: Final = f"{PUBLIC}/sign-in/return"
SESSION: Final = "__Host-helhedsnet_session"
BROWSER: Final = "__Host-helhedsnet_sign_in"
LONG_AGO: Final = timedelta(minutes=11)


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    """Run a provider that others wrote, and give its issuer."""
    with of_python() as issuer:
        yield issuer


@pytest.fixture
async def wrong() -> AsyncIterator[Mistaken]:
    """Run a provider that can be wrong."""
    async with mistaken() as provider:
        yield provider


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a slow machine be slow: none of these tests is about how long somebody takes."""
    monkeypatch.setattr("services.access.providers.relying_party.ANSWER_SECONDS", 60.0)
    monkeypatch.setattr("services.reporting.reader.ways_in.PROVIDER_SECONDS", 120.0)
    monkeypatch.setattr("services.reporting.reader.passes.ANSWER_SECONDS", 60.0)


@pytest.fixture
async def access(
    make_database: MakeDatabase, surroundings: dict[str, Any], tmp_path: Path, mock: str, wrong: Mistaken
) -> AsyncIterator[Hosts]:
    """Run access with two providers."""
    await make_database("access")
    path = providers_file(tmp_path, {"kommunen": mock, "forkert": wrong.issuer})
    async with hosting({**surroundings, "providers_file": path, "public_url": PUBLIC}) as hosts:
        yield hosts


@pytest.fixture
async def client(
    make_database: MakeDatabase, surroundings: dict[str, Any], access: Hosts
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the pages beside access, and give a browser that has not been there before."""
    assert access.address in surroundings["access_url"]
    async with pages_alone(make_database, surroundings, "https", public_url=PUBLIC) as client:
        yield client


async def begun(client: httpx.AsyncClient, provider: str = "forkert", prefix: str = "") -> str:
    """Follow the link to a provider, and give where it leads."""
    answer = await client.get(f"{prefix}/sign-in/with/{provider}")
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return answer.headers["location"]


async def refusal(client: httpx.AsyncClient, back: dict[str, str]) -> str:
    """Come back, see that nobody is let in and that a page says why, and give the code."""
    answer = await client.get("/sign-in/return", params=back)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    where, _, code = answer.headers["location"].partition("?refused=")
    assert where in {"/sign-in", "/en/sign-in"}
    assert SESSION not in client.cookies
    page = await client.get(answer.headers["location"])
    assert page.status_code >= HTTPStatus.BAD_REQUEST
    assert SIGN_IN[code][where == "/en/sign-in"] in page.text  # type: ignore[index]  # a code of the table, or an error
    assert (await client.get("/")).status_code == HTTPStatus.UNAUTHORIZED
    return code


@pytest.mark.parametrize(
    ("person", "role", "prefix"),
    [
        ("koordinator", "Koordinator", ""),
        ("leder", "Netværksleder", ""),
        ("revisor", "Auditor", "/en"),
        ("driftsansvarlig", "Administrator", "/en"),
    ],
)
async def test_each_role_is_let_in_as_what_it_is(
    client: httpx.AsyncClient, mock: str, person: str, role: str, prefix: str
) -> None:
    """In both languages, by a provider that nobody here wrote; the language is that of the page they began on."""
    where = await begun(client, "kommunen", prefix)
    assert where.startswith(f"{mock}/oauth2/authorize?")
    back = signed_in_there(where, person)
    assert back.startswith(f"{RETURN}?")
    answer = await client.get(back)
    assert answer.headers["location"] == ("/own-area" if person == "koordinator" else prefix or "/")
    assert client.cookies.get(BROWSER) is None
    page = await client.get(answer.headers["location"])
    assert page.status_code == HTTPStatus.OK
    assert role in page.text
    assert "roles" not in page.text


async def test_the_page_offers_each_provider_in_its_language(client: httpx.AsyncClient) -> None:
    """A link for each; invitations are told of too."""
    danish, english = (await client.get("/sign-in")).text, (await client.get("/en/sign-in")).text
    assert "Log ind med kommunen" in danish
    assert "Log ind med forkert" in danish
    assert "Sign in with kommunen" in english
    assert 'href="/en/sign-in/with/kommunen"' in english


@pytest.mark.parametrize(("person", "code"), [("ingen", "no_role"), ("uden", "no_area")])
async def test_whoever_has_no_role_here_is_told_so(client: httpx.AsyncClient, person: str, code: str) -> None:
    """The provider knows them, and we do not."""
    back = signed_in_there(await begun(client, "kommunen", "/en"), person)
    assert await refusal(client, dict(httpx.URL(back).params)) == code


async def test_whoever_breaks_off_is_told_so(client: httpx.AsyncClient) -> None:
    """There is nothing to worry about."""
    where = await begun(client, "kommunen")
    back = dict(httpx.URL(signed_in_there(where, "leder", "deny")).params)
    state = httpx.URL(where).params["state"]
    assert await refusal(client, {"state": state, **back}) == "sign_in_denied"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://login.elsewhere.dk"}, "id_token_issuer"),
        ({"aud": "another"}, "id_token_audience"),
        ({"nonce": "another"}, "id_token_nonce"),
        ({"exp": 1_700_000_000}, "id_token_expired"),
        ({"sub": None}, "id_token_malformed"),
    ],
)
async def test_a_wrong_token_lets_nobody_in(
    client: httpx.AsyncClient, wrong: Mistaken, claims: dict[str, Any], code: str
) -> None:
    """Each claim alone; `test_id_tokens.py` tries many more."""
    where = await begun(client, "forkert", "/en")
    wrong.claims.update(claims)
    assert await refusal(client, wrong.came_back(where)) == code


async def test_an_answer_of_another_provider_is_refused_before_its_code_is_sent_anywhere(
    client: httpx.AsyncClient, wrong: Mistaken
) -> None:
    """Also one that does not say whose it is, where the provider says that it always does. RFC 9207."""
    for issuer in ("https://login.elsewhere.dk", None):
        back = wrong.came_back(await begun(client), iss=issuer)
        assert await refusal(client, back) == "id_token_issuer"
    assert "token" not in wrong.asked


async def test_a_state_of_nobody_or_of_another_browser_is_refused(client: httpx.AsyncClient, wrong: Mistaken) -> None:
    """Whoever is sent a link of somebody else's sign-in is not signed in as them."""
    where = await begun(client)
    assert await refusal(client, wrong.came_back(where, state="another")) == "sign_in_unknown"
    back = wrong.came_back(await begun(client))
    theirs = client.cookies[BROWSER]
    client.cookies.delete(BROWSER)
    assert await refusal(client, back) == "sign_in_unknown"
    await begun(client)
    assert await refusal(client, back) == "sign_in_unknown"
    assert await refusal(client, {}) == "sign_in_unknown"
    # Nothing of that spent it for whom it belongs to.
    client.cookies.set(BROWSER, theirs)
    assert (await client.get("/sign-in/return", params=back)).headers["location"] == "/"


@pytest.mark.parametrize("value", ["\x00", "\u202e", " ", "٣", "a" * 600, "a" * 5_000, "<script>", "%ff"])
async def test_whatever_somebody_comes_back_with_is_answered_with_a_page(client: httpx.AsyncClient, value: str) -> None:
    """Nothing of it lets anybody in or breaks anything."""
    for name in ("state", "code", "iss", "error"):
        where = await begun(client)
        back = {"state": httpx.URL(where).params["state"], "code": "x", name: value}
        answer = await client.get("/sign-in/return", params=back, follow_redirects=True)
        assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        assert "<html lang=" in answer.text
        assert SESSION not in client.cookies


async def test_a_sign_in_and_a_code_are_good_once(client: httpx.AsyncClient, wrong: Mistaken) -> None:
    """Said again, by whoever has everything that the browser had."""
    where = await begun(client)
    kept = client.cookies[BROWSER]
    back = wrong.came_back(where)
    assert (await client.get("/sign-in/return", params=back)).headers["location"] == "/"
    client.cookies = httpx.Cookies({BROWSER: kept})
    assert await refusal(client, back) == "sign_in_replayed"
    second = await begun(client)
    assert await refusal(client, {**wrong.came_back(second), "code": back["code"]}) == "provider_refused"


async def test_a_sign_in_that_took_too_long_is_refused(
    client: httpx.AsyncClient, wrong: Mistaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes are enough."""
    back = wrong.came_back(await begun(client))
    later = clock.now() + LONG_AGO
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert await refusal(client, back) == "sign_in_expired"


async def test_keys_are_read_again_when_a_new_one_signs_and_an_old_one_is_forgotten(
    client: httpx.AsyncClient, wrong: Mistaken
) -> None:
    """Nobody restarts anything; a key that the provider has taken back signs nobody in."""
    old, new = wrong.key, RSAKey.generate_key(2048, {"kid": "second"})
    where = await begun(client)
    wrong.key, wrong.published = new, [new]
    assert (await client.get("/sign-in/return", params=wrong.came_back(where))).headers["location"] == "/"
    client.cookies.clear()
    for key in (old, RSAKey.generate_key(2048, {"kid": "second"})):
        wrong.key = key
        assert await refusal(client, wrong.came_back(await begun(client))) == "id_token_signature"


async def test_a_new_key_is_read_where_tokens_name_none(client: httpx.AsyncClient, wrong: Mistaken) -> None:
    """A provider with one key need not name it, and takes a new one as others do."""
    wrong.names_its_keys = False
    for name in ("first", "second"):
        wrong.key = RSAKey.generate_key(2048, {"kid": name})
        wrong.published = [wrong.key]
        answer = await client.get("/sign-in/return", params=wrong.came_back(await begun(client)))
        assert answer.headers["location"] == "/"
    client.cookies.clear()
    # Of two that are published nobody guesses which one signed.
    wrong.key = RSAKey.generate_key(2048, {"kid": "third"})
    wrong.published = [RSAKey.generate_key(2048, {"kid": "fourth"}), wrong.key]
    assert await refusal(client, wrong.came_back(await begun(client))) == "id_token_signature"


async def test_a_code_of_somebody_elses_sign_in_is_good_for_nobody_else(
    client: httpx.AsyncClient, wrong: Mistaken
) -> None:
    """Though nobody has used it: the proof (PKCE) is that of the browser that began, and is of the strong kind."""
    theirs = await begun(client)
    asked = httpx.URL(theirs).params
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    stolen = wrong.came_back(theirs)["code"]
    client.cookies.clear()
    own = await begun(client)
    assert await refusal(client, {**wrong.came_back(own), "code": stolen}) == "provider_refused"


async def test_each_sign_in_has_secrets_of_its_own_and_a_session_that_nobody_chose(
    client: httpx.AsyncClient, wrong: Mistaken
) -> None:
    """Neither state, nonce nor proof comes twice; what a browser brought along as its session is not taken over."""
    asked = [httpx.URL(await begun(client)).params for _ in range(5)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({each[name] for each in asked}) == len(asked)
    client.cookies.set(SESSION, "chosen-by-somebody-else", domain="helhedsnet.test", path="/")
    await client.get("/sign-in/return", params=wrong.came_back(await begun(client)))
    assert "chosen-by-somebody-else" not in client.cookies[SESSION]
    assert (await client.get("/")).status_code == HTTPStatus.OK


@pytest.mark.parametrize("host", ["elsewhere.test", "helhedsnet.test.elsewhere.test", "helhedsnet.test:444"])
async def test_people_come_back_to_the_known_address_whatever_host_was_asked_for(
    client: httpx.AsyncClient, host: str
) -> None:
    """Whoever can have a name of their own lead here has no code sent to it."""
    for forwarded in ({}, {"x-forwarded-host": host, "forwarded": f"host={host}"}):
        answer = await client.get("/sign-in/with/forkert", headers={"host": host, **forwarded})
        assert httpx.URL(answer.headers["location"]).params["redirect_uri"] == RETURN


async def test_nothing_that_comes_with_an_answer_leads_elsewhere(client: httpx.AsyncClient, wrong: Mistaken) -> None:
    """Whatever address is put beside state and code."""
    for name in ("next", "redirect_uri", "return_to", "RelayState"):
        back = {**wrong.came_back(await begun(client)), name: "https://elsewhere.test/"}
        answer = await client.get("/sign-in/return", params=back)
        assert answer.headers["location"] == "/"


AWAY: Final[list[tuple[str, Response, str]]] = [
    ("token", JSONResponse({}, 503), "provider_away"),
    ("token", JSONResponse({"error": "invalid_client"}, 401), "provider_mistaken"),
    ("token", Response("<html>", 200), "provider_mistaken"),
    ("token", JSONResponse({"access_token": "x"}), "id_token_malformed"),
    ("token", JSONResponse({"id_token": ["x"]}), "id_token_malformed"),
    ("token", JSONResponse({"id_token": "x" * 600_000}), "provider_mistaken"),
    ("metadata", JSONResponse({}, 503), "provider_away"),
    ("metadata", JSONResponse({}, 404), "provider_mistaken"),
    ("metadata", JSONResponse({"issuer": "https://login.elsewhere.dk"}), "provider_mistaken"),
    ("keys", JSONResponse({"keys": "none"}), "provider_mistaken"),
]


@pytest.mark.parametrize(("path", "answer", "code"), AWAY)
async def test_a_provider_that_answers_with_nothing_of_use_lets_nobody_in(
    client: httpx.AsyncClient, wrong: Mistaken, path: str, answer: Response, code: str
) -> None:
    """Whatever it answers, and where; the page says whether it is worth trying again."""
    wrong.answers[path] = answer
    answered = await client.get("/sign-in/with/forkert")
    if path == "token":
        assert await refusal(client, wrong.came_back(answered.headers["location"])) == code
    else:
        assert answered.headers["location"] == f"/sign-in?refused={code}"
        assert BROWSER not in client.cookies


@pytest.mark.parametrize("address", ["http://login.elsewhere.dk/token", "file:///etc/passwd", None, 7])
async def test_an_address_in_the_clear_or_none_is_not_gone_to(
    client: httpx.AsyncClient, wrong: Mistaken, address: object
) -> None:
    """A code and our secret go nowhere where others could read them."""
    wrong.metadata["token_endpoint"] = address
    answered = await client.get("/en/sign-in/with/forkert")
    assert answered.headers["location"] == "/en/sign-in?refused=provider_mistaken"


async def test_sessions_live_on_while_a_provider_is_away(client: httpx.AsyncClient, wrong: Mistaken) -> None:
    """Whoever is signed in works on; whoever comes anew reads that it is away."""
    where = await begun(client)
    await client.get("/sign-in/return", params=wrong.came_back(where))
    assert (await client.get("/")).status_code == HTTPStatus.OK
    session = client.cookies[SESSION]
    wrong.answers["token"] = JSONResponse({}, 503)
    client.cookies.clear()
    assert await refusal(client, wrong.came_back(await begun(client))) == "provider_away"
    client.cookies.set(SESSION, session)
    assert (await client.get("/")).status_code == HTTPStatus.OK


async def test_rights_are_those_of_the_last_sign_in_and_who_is_ended_is_not_let_in_again(
    client: httpx.AsyncClient, access: Hosts, wrong: Mistaken
) -> None:
    """The same person has one name here, whatever the provider says of them since."""
    for roles in (["netvaerk"], ["revisor"]):
        wrong.claims["roles"] = roles
        await client.get("/sign-in/return", params=wrong.came_back(await begun(client)))
    async with access.pool.acquire() as connection:
        [person] = await connection.fetch("SELECT * FROM person")
    assert (person["role"], person["provider"], person["provider_subject"]) == ("auditor", "forkert", "leder")
    await access.access.end_person(person["subject"], "a test")
    client.cookies.clear()
    assert await refusal(client, wrong.came_back(await begun(client))) == "person_ended"


async def test_nobody_is_sent_back_to_an_address_that_is_not_ours(access: Hosts) -> None:
    """Whoever asks access itself, which the gateway shows, has no code sent elsewhere."""
    async with httpx.AsyncClient() as stranger:
        for address in ("https://elsewhere.test", "http://127.0.0.1:9", f"{PUBLIC}.elsewhere.test"):
            asked = {"provider": "kommunen", "address": address}
            answer = await stranger.post(f"{access.address}/access/sign-ins", json=asked)
            assert answer.json()["code"] == "sign_in_unknown"


async def test_a_provider_that_is_not_there_is_said(client: httpx.AsyncClient) -> None:
    """By a page, in the language of the link."""
    answer = await client.get("/en/sign-in/with/nobody")
    assert answer.headers["location"] == "/en/sign-in?refused=unknown_provider"
    assert (await client.get(answer.headers["location"])).status_code == HTTPStatus.NOT_FOUND


async def test_whoever_begins_much_keeps_nobody_from_signing_in(
    client: httpx.AsyncClient, access: Hosts, wrong: Mistaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is begun is bounded; the oldest makes room."""
    monkeypatch.setattr("services.access.providers.store.MAX_BEGUN", 3)
    for _ in range(5):
        where = await begun(client)
    async with access.pool.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM sign_in") == 3
    assert (await client.get("/sign-in/return", params=wrong.came_back(where))).headers["location"] == "/"


def test_each_code_says_something_in_two_languages() -> None:
    """None is left out, and each is translated."""
    assert set(get_args(SignInCode)) == set(SIGN_IN)
    assert all(danish != english for danish, english in SIGN_IN.values())
