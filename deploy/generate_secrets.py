"""Makes every secret of the compose installation at its first start. Owns their form; never changes one that is there.

Each folder is a volume that one container sees, and holds only what that container needs. The addresses in a service's
own folder are the record; what PostgreSQL and Redis are given is derived from them each time, so that a step that was
broken off ends the same way when it is said again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared import keys
from shared.errors import CannotServe

SERVICES: Final = ("registry", "funding", "reporting")
# Access has a database, and neither a log nor a stream.
WITH_DATABASE: Final = (*SERVICES, "access")
PASSWORD_BYTES: Final = 32
# A service reads its own folder as the user that wrote it. PostgreSQL and Redis run as users of their own.
OWNER_ONLY: Final = 0o400
ITS_CONTAINER: Final = 0o444
# What a service does on Redis, command by command (ADR 48): it talks to the server, writes its own stream and sees
# where that ends, and of each stream that it follows it makes its group, reads, and acknowledges. No script, and
# nothing that touches the server.
CONNECTION: Final = "-@all +hello +ping +client|setinfo"
WRITING: Final = "+xadd +xtrim +xrevrange +xinfo|stream"
FOLLOWING: Final = "+xgroup|create +xreadgroup +xpending +xack"


class Unusable(Exception):
    """A secret that is there is none; the message says where, and what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")


def generate(folder: Path) -> None:
    """Fill the folders of the services, of PostgreSQL and of Redis with what is missing in them; one at a time does.

    Raises:
        Unusable: what is there is not what it should be.
    """
    with _one_at_a_time(folder / SERVICES[0]):
        _fill(folder)


@contextlib.contextmanager
def _one_at_a_time(volume: Path) -> Iterator[None]:
    """Wait for whoever fills the folders at this moment: two would give the services secrets of their own each."""
    held = os.open(volume, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _fill(folder: Path) -> None:
    _make_keys(folder)
    for service in WITH_DATABASE:
        address = f"postgresql://helhedsnet_{service}:{_password()}@postgres:5432"
        _keep(folder / service / "helhedsnet_database_url", address)
    for service in SERVICES:
        _keep(folder / service / "helhedsnet_redis_url", f"redis://{service}:{_password()}@redis:6379")
    _keep(folder / "postgres" / "superuser-password", _password(), ITS_CONTAINER)
    # What backups are encrypted with, where they are taken: whoever loses it has lost them.
    _keep(folder / "postgres" / "backup-key", _password(), ITS_CONTAINER)
    for service in WITH_DATABASE:
        # The owner of the tables, whom nobody is but the container that migrates them.
        owner = folder / "migrate" / f"helhedsnet_{service}_owner_url"
        _keep(owner, f"postgresql://helhedsnet_{service}_owner:{_password()}@postgres:5432")
        _replace(folder / "postgres" / f"{service}-owner-password", _password_in(owner))
        own = folder / service / "helhedsnet_database_url"
        _replace(folder / "postgres" / f"{service}-password", _password_in(own))
    _replace(folder / "redis" / "users.acl", _redis_users(folder))


def _make_keys(folder: Path) -> None:
    """Give each service a key of its own, and the public halves of all.

    Where all once shared one key, each had of it the key that its log is signed with, and goes on with that one; the
    shared key is taken away.
    """
    public = {}
    for service in SERVICES:
        path, former = folder / service / f"{service}.pem", folder / service / keys.FORMER_FILE
        try:
            if not path.exists():
                shared_once = keys.load(former) if former.exists() else None
                key = Ed25519PrivateKey.generate() if shared_once is None else keys.derived(shared_once, service)
                _write(path, keys.pem(key).decode(), OWNER_ONLY)
            public[service] = keys.load(path).public_key()
        except CannotServe as unusable:
            raise Unusable(unusable.code, unusable.detail) from None
        former.unlink(missing_ok=True)
    for service in SERVICES:
        _replace(folder / service / keys.SERVICES_FILE, json.dumps(keys.public_set(public)), OWNER_ONLY)


def _redis_users(folder: Path) -> str:
    """Write Redis' users: one for each service, known by its password's hash, and one that may only ping."""
    lines = ["user default off", "user health on nopass -@all +ping"]
    for service in SERVICES:
        password = _password_in(folder / service / "helhedsnet_redis_url")
        known = f"user {service} on #{hashlib.sha256(password.encode()).hexdigest()} resetchannels"
        lines.append(f"{known} {CONNECTION} {WRITING} ~{_stream(service)} {_following(service)}")
    return "\n".join(lines) + "\n"


def _following(service: str) -> str:
    """Write the rights on the streams that a service follows as a selector each: those of its own do not hold there."""
    return " ".join(f"({FOLLOWING} ~{_stream(owner)})" for owner in keys.FOLLOWS[service])


def _stream(owner: str) -> str:
    return f"helhedsnet.{owner}.pages"


def _password() -> str:
    return secrets.token_hex(PASSWORD_BYTES)


def _password_in(address: Path) -> str:
    password = urlsplit(address.read_text()).password
    if not password:
        raise Unusable("secret_unusable", f"{address} holds no password; remove it to have a new one made")
    return password


def _keep(path: Path, content: str, mode: int = OWNER_ONLY) -> None:
    if not path.exists():
        _write(path, content, mode)


def _replace(path: Path, content: str, mode: int = ITS_CONTAINER) -> None:
    if not path.exists() or path.read_text() != content:
        _write(path, content, mode)


def _write(path: Path, content: str, mode: int) -> None:
    """Put the whole file there or none of it: half a password would be kept for ever."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.chmod(mode)
    unfinished.rename(path)


if __name__ == "__main__":
    try:
        generate(Path(sys.argv[1]))
    except Unusable as unusable:
        sys.exit(str(unusable))
