"""A call as it goes over the wire, its answer, and how a call is written down so that somebody can repeat it."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

Headers = tuple[tuple[str, str], ...]
SHOWN_BYTES: Final = 300


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `route` names it in the summary; what is `unending` is read only for a moment.

    `broken` tells that HTTP itself is wrong or left half said, so that the server may hang up without a word.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    route: str = ""
    unending: bool = False
    broken: bool = False

    def with_body(self, body: bytes) -> "Call":
        """Give the same call with a different body."""
        return Call(self.method, self.target, self.headers, body, self.route, self.unending, self.broken)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 means that nothing did, and `failure` says why."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    failure: str = ""
    was_asked_again: bool = False

    @property
    def media_type(self) -> str:
        """Give the media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> dict[str, Any]:
        """Give the JSON object that was answered; empty where it is none."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> str:
        """Give the code of a problem document, "" where there is none."""
        return str(self.json().get("code", ""))

    def shortly(self) -> str:
        """Say what was answered in a few words."""
        said = self.body[:SHOWN_BYTES].decode("utf-8", "replace")
        return f"{self.status} after {self.seconds:.1f} s: {self.failure or said}"


def write_down(call: Call, address: str, folder: Path, name: str) -> str:
    """Keep the body of a call as a file and give the line for curl that sends it; tokens are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["curl", "-i", "-X", call.method]
    for header, value in call.headers:
        shown = "Bearer $TOKEN" if header.lower() == "authorization" else value
        words += ["-H", f"{header}: {'session=$SESSION' if header.lower() == 'cookie' else shown}"]
    if call.body:
        path = folder / f"{name}.body"
        path.write_bytes(call.body)
        words += ["--data-binary", f"@{path}"]
    line = " ".join([*map(shlex.quote, words), shlex.quote(f"{address}{call.target}")])
    (folder / f"{name}.sh").write_text(f"{line}\n", encoding="utf-8", errors="backslashreplace")
    return line
