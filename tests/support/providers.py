"""Providers of identities on the loopback address: two that others wrote, and one that says what is wrong on purpose.

`oidc-provider-mock` is a package of Python, `oidc-provider` one of npm, installed into a folder that is kept between
runs. What neither of them would ever answer, a forged token or another issuer, the third one answers.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.embedded import free_port
from shared import clock
from tests.support import npm
from tests.support.running import on_a_port

CLIENT: Final = "helhedsnet"
SECRET: Final = "hemmeligt-for-udbyderen"  # noqa: S105  of no provider but these
START_SECONDS: Final = 60
KEPT: Final = Path(tempfile.gettempdir()) / f"helhedsnet-npm-{os.getuid()}"
# Whom the providers know, with what they say of each.
PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "koordinator": {"name": "Kim Koordinator", "roles": ["koordinator:urbanplanen"]},
    "leder": {"name": "Lis Leder", "roles": ["netvaerk"]},
    "revisor": {"name": "Rie Revisor", "roles": ["revisor"]},
    "driftsansvarlig": {"name": "Dan Drift", "roles": ["drift"]},
    "ingen": {"name": "Ingen Rolle", "roles": ["frokostordning"]},
    "uden": {"name": "Uden Omraade", "roles": ["koordinator:*"]},
}
RULES: Final = """
[[providers.rules]]
claim = "roles"
value = "drift"
role = "admin"
[[providers.rules]]
claim = "roles"
value = "koordinator:{area}"
role = "coordinator"
[[providers.rules]]
claim = "roles"
value = "netvaerk"
role = "lead"
[[providers.rules]]
claim = "roles"
value = "revisor"
role = "auditor"
"""
SCRIPT: Final = """
import Provider from 'oidc-provider';
const told = JSON.parse(process.env.TOLD);
const provider = new Provider(told.issuer, {
  clients: [{
    client_id: told.client, client_secret: told.secret, redirect_uris: [told.back],
    grant_types: ['authorization_code'], response_types: ['code'],
  }],
  claims: { openid: ['sub'], profile: ['name', 'roles'] },
  conformIdTokenClaims: false,
  findAccount: (ctx, id) => told.people[id] && { accountId: id, claims: () => ({ sub: id, ...told.people[id] }) },
  pkce: { required: () => true },
  cookies: { keys: [told.secret] },
  jwks: { keys: [told.key] },
  features: { devInteractions: { enabled: true } },
});
provider.listen(told.port, '127.0.0.1', () => console.log('listening'));
"""


def providers_file(folder: Path, issuers: Mapping[str, str]) -> Path:
    """Write the file of providers, by their names and issuers, as an operator would."""
    (folder / "secret").write_text(SECRET)
    said = [
        f'[[providers]]\nname = "{name}"\nlabel_da = "Log ind med {name}"\nlabel_en = "Sign in with {name}"\n'
        f'issuer = "{issuer}"\nclient_id = "{CLIENT}"\nclient_secret_file = "secret"\n{RULES}'
        for name, issuer in issuers.items()
    ]
    path = folder / "providers.toml"
    path.write_text("\n".join(said))
    return path


@contextlib.contextmanager
def of_python() -> Iterator[str]:
    """Run `oidc-provider-mock` with the people, and give its issuer."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    people = [f"--user-claims={json.dumps({'sub': sub, **claims})}" for sub, claims in PEOPLE.items()]
    with _process([sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people], {}):
        _wait_for(issuer)
        yield issuer


def signed_in_there(address: str, sub: str, action: str = "authorize") -> str:
    """Sign a person in at `oidc-provider-mock` where its page would, and give where it sends the browser."""
    answer = httpx.post(address, data={"sub": sub, "action": action})
    assert answer.is_redirect, answer.text
    return answer.headers["location"]


@dataclass
class OfNode:
    """npm's `oidc-provider`, which can be stopped, and started with another key."""

    back: str
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def issuer(self) -> str:
        """Give its issuer."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run it with a key that it never had before."""
        name = secrets.token_hex(4)
        key = RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}).as_dict(private=True)
        told = {"issuer": self.issuer, "port": self.port, "back": self.back, "client": CLIENT, "secret": SECRET}
        script = self.folder / f"provider-{name}.mjs"
        script.write_text(SCRIPT)
        variables = {"TOLD": json.dumps({**told, "people": PEOPLE, "key": key})}
        try:
            with _process([shutil.which("node") or "node", str(script)], variables):
                _wait_for(self.issuer)
                yield
        finally:
            script.unlink()


def of_node(back: str) -> OfNode:
    """Give npm's `oidc-provider`, which sends people back to an address; without a registry the test is skipped."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    if not (KEPT / "node_modules/oidc-provider").exists():
        npm.install(KEPT, "oidc-provider")
    return OfNode(back, KEPT)


@contextlib.contextmanager
def _process(command: list[str], variables: dict[str, str]) -> Iterator[None]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HELHEDSNET_")}
    process = subprocess.Popen(  # noqa: S603  our own command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**inherited, **variables}
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(issuer: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
            return
        assert time.monotonic() < deadline, f"no provider answers at {issuer}"
        time.sleep(0.1)


@dataclass
class Mistaken:
    """A provider that signs everybody in as it is told, and says of it what it is told: right, until something is set.

    `claims` take the place of good ones, None takes one away; `answers` take the place of a whole answer, by path.
    """

    issuer: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    published: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    sub: str = "leder"
    asked: list[str] = field(default_factory=list)
    names_its_keys: bool = True

    def right_again(self) -> None:
        """Say nothing wrong any more."""
        for each in (self.claims, self.metadata, self.answers):
            each.clear()
        self.published = [self.key]

    def answer(self, path: str) -> Response | None:
        """Note that a path was asked for, and give what is answered there in place of the right thing."""
        self.asked.append(path)
        return self.answers.get(path)

    def id_token(self, begun: Mapping[str, str]) -> str:
        """Sign what is said of the person."""
        now = int(clock.now().timestamp())
        good = {
            "iss": self.issuer,
            "sub": self.sub,
            "aud": CLIENT,
            "nonce": begun["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        whole = {**good, **PEOPLE[self.sub], **self.claims}
        header = {"alg": "RS256", **({"kid": self.key.kid or ""} if self.names_its_keys else {})}
        return jwt.encode(header, {name: value for name, value in whole.items() if value is not None}, self.key)

    def came_back(self, address: str, **instead: str | None) -> dict[str, str]:
        """Give what a browser is sent back with from an address where people sign in; `instead` changes it."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_hex(8)
        self.begun[code] = asked
        told = {"code": code, "state": asked["state"], "iss": self.issuer, **instead}
        return {name: value for name, value in told.items() if value is not None}


@contextlib.asynccontextmanager
async def mistaken() -> AsyncIterator[Mistaken]:
    """Run the provider that can be wrong."""
    port = free_port()
    provider = Mistaken(f"http://127.0.0.1:{port}/provider")
    provider.right_again()
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def get_metadata() -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        addresses = {name: f"{provider.issuer}/{path}" for name, path in paths.items()}
        said = {"issuer": provider.issuer, **addresses, "authorization_response_iss_parameter_supported": True}
        return provider.answer("metadata") or JSONResponse({**said, **provider.metadata})

    @app.get("/keys")
    async def get_keys() -> Response:
        keys = [key.as_dict(private=False) for key in provider.published]
        return provider.answer("keys") or JSONResponse({"keys": keys})

    @app.get("/authorize")
    async def get_authorize(request: Request) -> Response:
        back = provider.came_back(str(request.url))
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{urlencode(back)}")

    @app.post("/token")
    async def post_token(request: Request) -> Response:
        said = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        # A code is good once, as everywhere.
        begun = provider.begun.pop(said.get("code", ""), None)
        if found := provider.answer("token"):
            return found
        proof = create_s256_code_challenge(said.get("code_verifier", ""))
        if begun is None or (begun["code_challenge_method"], begun["code_challenge"]) != ("S256", proof):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": provider.id_token(begun)})

    async with on_a_port({"provider": app}, port):
        yield provider
