"""The command makes a key, a program posts with it, and its name stands beside what it sent; revoked, it is refused."""

import asyncio
import json
import subprocess
from typing import Any

import orjson

from tests.conftest import MakeDatabase
from tests.support.builders import an_area
from tests.support.keyring import Keyring
from tests.support.systems import helhedsnet
from tests.support.whole import SERVICES, whole


async def test_a_program_posts_with_its_key_until_it_is_revoked(
    make_database: MakeDatabase, surroundings: dict[str, Any], keyring: Keyring
) -> None:
    """Printed once and alone; `post` trades it for tokens by itself, and says in a sentence that it is good no more."""
    for service in SERVICES:
        await make_database(service)
    async with whole(surroundings) as (client, _):

        async def command(*said: str, text: str | None = None, **more: str) -> "subprocess.CompletedProcess[str]":
            variables = more or keyring.environment
            url = str(client.base_url)
            return await asyncio.to_thread(helhedsnet, *said, "--url", url, text=text, variables=variables)

        made = await command("keys", "make", "--name", "Regnearket", "--role", "admin", "--days", "2")
        assert (made.returncode, made.stderr, len(made.stdout.split())) == (0, "", 1)
        key = made.stdout.strip()
        lines = b"\n".join(orjson.dumps(an_area(name)) for name in ("one", "two")).decode()
        posted = await command("post", "-", "--data", "/nowhere", text=lines, HELHEDSNET_KEY=key)
        assert (posted.returncode, posted.stderr) == (0, "")
        assert posted.stdout.startswith("accepted 2 ")
        told = json.loads((await command("log", "registry", "--json", "--limit", "1")).stdout)
        assert told[0]["who"] == f"Regnearket ({key.partition('.')[0]})"
        assert (await command("keys", "revoke", key.partition(".")[0])).returncode == 0
        refused = await command("post", "-", "--data", "/nowhere", text=lines, HELHEDSNET_KEY=key)
        assert refused.returncode == 1
        assert "this key is good no more" in refused.stderr
        assert "Traceback" not in refused.stderr
