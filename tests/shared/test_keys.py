"""The files of keys: made once, by whoever comes first, and never in part; what was shared once lives on in each."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.access.signing import Issuer
from shared import keys
from shared.errors import CannotServe
from shared.tokens import Identity
from tests.support.keyring import Keyring
from tests.support.running import ROOT

PROCESSES: Final = 6
ROUNDS: Final = 20
WAIT_SECONDS: Final = 10
# One folder after another, on which all processes begin at once; each says which keys it got.
RACE: Final = f"""
import multiprocessing, os, sys
from pathlib import Path
from tests.support.keyring import Keyring

def take(barrier):
    for number in range({ROUNDS}):
        barrier.wait({WAIT_SECONDS})
        keyring = Keyring(Path(sys.argv[1]) / str(number))
        told = keyring.signer("registry").fingerprint.hex(), *keyring.issuer.public
        # In one piece: the others write there too.
        os.write(1, f"{{number}} {{' '.join(told)}}{{os.linesep}}".encode())

fork = multiprocessing.get_context("fork")
barrier = fork.Barrier({PROCESSES})
racers = [fork.Process(target=take, args=(barrier,)) for _ in range({PROCESSES})]
for racer in racers:
    racer.start()
for racer in racers:
    racer.join()
sys.exit(any(racer.exitcode for racer in racers))
"""


def test_processes_that_start_at_once_have_one_set_of_keys(tmp_path: Path) -> None:
    """Of six that find no key, none reads half of one, and none goes on with one of its own."""
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", RACE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.split() for line in done.stdout.splitlines()]
    assert len(told) == ROUNDS * PROCESSES
    assert len({tuple(line) for line in told}) == ROUNDS
    # Nothing of those that came too late is left.
    names = {"registry.pem", "funding.pem", "reporting.pem", "services.json", "issuer.json", "issuer-public.json"}
    assert {path.name for path in tmp_path.glob("*/*")} == names


def test_only_the_user_reads_what_signs(tmp_path: Path) -> None:
    """The private files and the folder that is made for them are nobody else's."""
    keyring = Keyring(tmp_path / "keys")
    assert stat.S_IMODE(keyring.folder.stat().st_mode) == 0o700
    private = [*keyring.folder.glob("*.pem"), keyring.issuer_file]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


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
    path = tmp_path / "registry.pem"
    path.write_bytes(content)
    with pytest.raises(CannotServe, match=rf"^key_unusable: the file {path} {said}; .*backup.*remove the file"):
        keys.make(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"{", b'{"keys": []}', b'{"keys": [{"kty": "OKP"}]}', b"[]", b"\xff"])
def test_a_file_that_holds_no_keys_of_the_issuer_is_named_too(tmp_path: Path, content: bytes) -> None:
    """As it is left."""
    path = tmp_path / "issuer.json"
    path.write_bytes(content)
    with pytest.raises(CannotServe, match=rf"^key_unusable: the file {path} "):
        Issuer.load_or_create(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"keys": 1}',
        b'{"keys": [1]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "AA"}]}',
        orjson.dumps({"keys": [{"kty": "OKP"}] * 33}),
        b'{"keys": []}' + b" " * 65_536,
    ],
)
def test_what_is_no_set_of_public_keys_is_not_read_as_one(content: bytes) -> None:
    """Whatever whoever answers in the place of access sends."""
    with pytest.raises(ValueError, match=r".*"):
        keys.read_public(content)


def test_keys_of_other_kinds_and_private_ones_are_passed_over(tmp_path: Path) -> None:
    """A set may hold what is not for us."""
    keyring = Keyring(tmp_path)
    others = [{"kty": "RSA", "kid": "r"}, *orjson.loads(keyring.issuer_file.read_bytes())["keys"]]
    assert keys.read_public(orjson.dumps({"keys": others})) == {}


def test_a_log_goes_on_under_the_signature_that_it_had_when_all_shared_one_key(tmp_path: Path) -> None:
    """The key of each is derived from the one that there was, once, and stays when that has gone."""
    former = tmp_path / keys.FORMER_FILE
    former.write_bytes(keys.pem(Ed25519PrivateKey.generate()))
    shared = keys.load(former)
    folder = tmp_path / "keys"
    for _ in range(2):
        keys.make(folder, former)
        for service in ("registry", "funding", "reporting"):
            assert (
                keys.load(folder / f"{service}.pem").private_bytes_raw()
                == keys.derived(shared, service).private_bytes_raw()
            )
        former.unlink(missing_ok=True)


def test_a_sender_has_one_identifier_whatever_token_it_holds(tmp_path: Path) -> None:
    """It is counted by that, and would have a share more for each token and each way of writing one."""
    keyring = Keyring(tmp_path)
    one, two = (keyring.issue(Identity("auditor", subject="p-1")) for _ in range(2))
    trusted = keyring.trusted()
    assert {trusted.verify(token).identifier for token in (one, two, f"{one}==")} == {"p-1"}
    nameless = {trusted.verify(keyring.issue(Identity("auditor"))).identifier for _ in range(2)}
    assert len(nameless) == 2
