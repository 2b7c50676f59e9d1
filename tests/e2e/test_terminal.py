"""Whatever others wrote, the command prints it as text: on a pipe and on a terminal, and nothing there obeys it."""

import itertools
import json
import os
import pty
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest

from services.command.operating import SERVICES
from shared.presentable import UNPRESENTABLE
from tests.support.extent import long_but_for
from tests.support.systems import System, arguments, environment, get

Json = Any
# Markup, a link, the code of an emoji, and signs that make a terminal change its title, hide text or run something.
MARKUP: Final = "Plan [/red] [link=https://evil.example]her[/link] [bold]x :smile:"
CONTROLS: Final = (
    "\x1b]0;titel\x07\x1b[2J\x9b31m\x9d8;;https://evil.example\x9c\x7f\u202egnp\u2066\ufeff\u2028helhedsnet: ok"
)
HOSTILE: Final = MARKUP + CONTROLS
WORDS: Final = frozenset({"name", "municipality"})
# What the command itself may send a terminal: colours, and how a line is drawn once more.
OWN_CONTROLS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\n]")
COMMANDS: Final = (
    ("report", "network"),
    ("report", "area", "urbanplanen"),
    ("report", "network", "--json"),
    ("status", "--once"),
    ("status", "--json"),
    ("dead-letters", "list"),
    ("dead-letters", "list", "--json"),
    ("dead-letters", "show", "funding", "registry", "1"),
    ("dead-letters", "retry", "funding", "registry", "1"),
    ("ledger", "verify"),
    ("rebuild", "reporting"),
    ("recover",),
    ("verify",),
    ("verify", "--json"),
    ("post", "-"),
)

# One of each kind: a report, what is asked of all services, one thing alone, a walk, a post.
PIPED_IN_SHORT: Final = ("report network", "status --once", "dead-letters show funding registry 1", "verify", "post -")
ON_A_TERMINAL_IN_SHORT: Final = ("report network", "status --once", "rebuild reporting")
# One of each way in which a command calls.
TAKING_A_TOKEN: Final = ("report network", "status --once", "rebuild reporting", "post -")
TOKENS: Final = ("æøå ⚽", "a\nb")
ONE_TOKEN_FOR_EACH: Final = list(zip(TOKENS * 2, TAKING_A_TOKEN, strict=True))


_STRETCH: Final = {
    "lines": 1,
    "last": 1,
    "head": 1,
    "is_last": True,
    "findings": [{"code": HOSTILE, "sequence": 1, "detail": HOSTILE}],
    "parted": {HOSTILE: HOSTILE},
}
_EPOCH: Final = {"number": 1, "begun": HOSTILE, "sequence": 1, "reason": HOSTILE}


def _hostile(value: Json) -> Json:
    """Replace what stands for people's words in a report."""
    if isinstance(value, dict):
        words = {name for name, part in value.items() if name in WORDS and isinstance(part, str)}
        return {name: HOSTILE if name in words else _hostile(part) for name, part in value.items()}
    return list(map(_hostile, value)) if isinstance(value, list) else value


def _answers(system: System) -> dict[str, tuple[int, Json]]:
    """Give what a server that wants to do harm says on each path."""
    letter = {"owner": "registry", "sequence": 1, "type": HOSTILE, "dead_since": "2026-01-01", "reason": HOSTILE}
    consumer = {"owner": "registry", "position": 1, "healthy": False, "reads_the_stream": True}
    status = {"log": {"head": 1, "relayed": 1}, "consumers": [consumer], "dead_letters": 0, "background": {}}
    finding = {"code": HOSTILE, "plan": HOSTILE, "sequence": 1, "detail": HOSTILE}
    problem = {"code": HOSTILE, "detail": HOSTILE}
    refused = {**problem, "errors": [{"index": 0, "pointer": HOSTILE, "code": HOSTILE, "detail": HOSTILE}]}
    reports = "/reporting/reports/"
    return {
        f"{reports}network": (200, _hostile(get(system, f"{reports}network").json())),
        f"{reports}areas/urbanplanen": (200, _hostile(get(system, f"{reports}areas/urbanplanen").json())),
        "/registry/status": (200, status),
        "/funding/status": (500, problem),
        "/reporting/status": (200, status),
        "/registry/dead-letters": (200, {"dead_letters": [letter]}),
        "/funding/dead-letters": (500, problem),
        "/reporting/dead-letters": (200, {"dead_letters": [letter]}),
        "/funding/dead-letters/registry/1": (200, {**letter, "event": HOSTILE}),
        "/funding/dead-letters/registry/1/retry": (200, {"status": "dead", "reason": HOSTILE}),
        "/funding/verification": (200, {"plans": 1, "events": 1, "entries": 1, "findings": [finding]}),
        "/reporting/rebuild": (409, problem),
        **dict.fromkeys((f"/{service}/log/verification" for service in SERVICES), (200, _STRETCH)),
        **dict.fromkeys((f"/{service}/log/lookups/verification" for service in SERVICES), (200, _STRETCH)),
        **dict.fromkeys((f"/{service}/log/epochs" for service in SERVICES), (200, {"epochs": [_EPOCH]})),
        "/registry/events": (422, refused),
    }


@pytest.fixture(scope="module")
def server(demo_system: System) -> Iterator[str]:
    """Run a server that answers as ours does, with words that would do harm."""
    answers = _answers(demo_system)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, document = answers[self.path.partition("?")[0]]
            body = json.dumps(document, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def _command(server: str, said: tuple[str, ...]) -> list[str]:
    return arguments(*said, "--url", server, "--token", "worn.out.token")


def _event() -> bytes:
    event = {"specversion": "1.0", "id": "1", "source": "/network", "type": "dk.helhedsnet.area.registered.v1"}
    return json.dumps(event).encode()


@pytest.mark.parametrize("said", long_but_for(map(" ".join, COMMANDS), PIPED_IN_SHORT))
def test_what_others_wrote_goes_through_a_pipe_as_text(said: str, server: str) -> None:
    """No traceback, no control, no forged line, and the markup stands there as it was written."""
    done = subprocess.run(  # noqa: S603  our own command
        _command(server, tuple(said.split())),
        input=_event(),
        capture_output=True,
        env=environment(),
        check=False,
        timeout=120,
    )
    for text in (done.stdout.decode(), done.stderr.decode()):
        assert not UNPRESENTABLE.search(text), text
        assert "Traceback" not in text
        assert not re.search("^helhedsnet: ok", text, re.MULTILINE)
    assert MARKUP.split()[0] in (done.stdout + done.stderr).decode()
    if said.split(maxsplit=1)[0] in {"report", "rebuild", "post"}:
        assert "[/red]" in (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("said", long_but_for(map(" ".join, COMMANDS), ON_A_TERMINAL_IN_SHORT))
def test_what_others_wrote_goes_to_a_terminal_as_text(said: str, server: str) -> None:
    """A terminal gets colours and the command's own movements, and no other control."""
    near, far = pty.openpty()
    with subprocess.Popen(  # noqa: S603  our own command
        _command(server, tuple(said.split())),
        stdin=subprocess.PIPE,
        stdout=far,
        stderr=far,
        env=environment(TERM="xterm-256color", COLUMNS="160"),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(_event())
        process.stdin.close()
        os.close(far)
        shown = _all_of(near)
    os.close(near)
    text = OWN_CONTROLS.sub("", shown.decode())
    assert not UNPRESENTABLE.search(text), text
    assert "Traceback" not in text
    assert "\x1b]" not in shown.decode(), "no link, no title"


def _all_of(terminal: int) -> bytes:
    """Read until nobody writes to a terminal any more, which Linux tells as an error."""
    read = b""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:
            return read
        if not part:
            return read
        read += part


@pytest.mark.parametrize("encoding", long_but_for(["ascii", "latin-1"], ["ascii"]))
def test_a_terminal_of_another_encoding_gets_escapes(encoding: str, server: str) -> None:
    """What it cannot write is no reason to fail."""
    done = subprocess.run(  # noqa: S603  our own command
        _command(server, ("report", "network")),
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding),
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(("token", "said"), long_but_for(itertools.product(TOKENS, TAKING_A_TOKEN), ONE_TOKEN_FOR_EACH))
def test_a_token_that_no_header_can_hold_is_said_in_a_sentence(token: str, said: str, server: str) -> None:
    """Neither a traceback nor the token itself."""
    done = subprocess.run(  # noqa: S603  our own command
        arguments(*said.split(), "--url", server, "--token", token),
        input=_event(),
        capture_output=True,
        env=environment(),
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode(), done.stderr.decode()
    assert token not in done.stderr.decode()
