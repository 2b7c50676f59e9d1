"""The file of the key that signs tokens: made once, by whoever comes first, and never in part."""

import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.errors import CannotServe
from shared.tokens import Identity, TokenKey
from tests.support.running import ROOT

PROCESSES: Final = 6
ROUNDS: Final = 20
WAIT_SECONDS: Final = 10
# One folder after another, on which all processes begin at once; each says which key it got.
RACE: Final = f"""
import multiprocessing, os, sys
from pathlib import Path
from shared.tokens import TokenKey

def take(barrier):
    for number in range({ROUNDS}):
        barrier.wait({WAIT_SECONDS})
        key = TokenKey.load_or_create(Path(sys.argv[1]) / str(number) / "token-key.pem")
        # In one piece: the others write there too.
        os.write(1, f"{{number}} {{key.derive('a test').hex()}}{{os.linesep}}".encode())

fork = multiprocessing.get_context("fork")
barrier = fork.Barrier({PROCESSES})
racers = [fork.Process(target=take, args=(barrier,)) for _ in range({PROCESSES})]
for racer in racers:
    racer.start()
for racer in racers:
    racer.join()
sys.exit(any(racer.exitcode for racer in racers))
"""


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    """Of six that find no key, none reads half of one, and none goes on with one of its own."""
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", RACE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.split() for line in done.stdout.splitlines()]
    assert len(told) == ROUNDS * PROCESSES
    assert len({tuple(line) for line in told}) == ROUNDS
    # Nothing of those that came too late is left.
    assert {path.name for path in tmp_path.glob("*/*")} == {"token-key.pem"}


def test_only_the_user_reads_the_key(tmp_path: Path) -> None:
    """The file and the folder that is made for it are nobody else's."""
    path = tmp_path / "data/token-key.pem"
    TokenKey.load_or_create(path)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def _of_another_kind() -> bytes:
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw", "holds no Ed25519 key"),
        (b"\xff\x00\xfe", "holds no Ed25519 key"),
        (_of_another_kind(), "holds no Ed25519 key"),
    ],
    ids=["empty", "cut in half", "no text", "of another kind"],
)
def test_a_file_that_holds_no_key_is_named_with_the_way_out(tmp_path: Path, content: bytes, said: str) -> None:
    """It is left as it is: what stands there may be mended."""
    path = tmp_path / "token-key.pem"
    path.write_bytes(content)
    with pytest.raises(CannotServe, match=rf"^key_unusable: the file {path} {said}; .*backup.*remove the file"):
        TokenKey.load_or_create(path)
    assert path.read_bytes() == content


def test_a_token_has_one_identifier_however_its_signature_is_written(tmp_path: Path) -> None:
    """Whoever sends it is counted by that, and would have a share more for each way of writing it."""
    key = TokenKey.load_or_create(tmp_path / "token-key.pem")
    token, other = (key.issue(Identity("auditor"), valid_for=timedelta(hours=hours)) for hours in (1, 2))
    assert key.verify(f"{token}==").identifier == key.verify(token).identifier
    assert key.verify(token).identifier != key.verify(other).identifier
