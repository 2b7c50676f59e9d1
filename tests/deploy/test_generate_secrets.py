"""The step that makes the secrets of a compose installation."""

import hashlib
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared import keys
from shared.errors import Unauthenticated
from shared.tokens import Credential, TrustedKeys

STEP: Final = Path(__file__).parents[2] / "deploy/generate_secrets.py"
FOLDERS: Final = ("postgres", "migrate", "redis", "registry", "funding", "reporting", "access")
SERVICES: Final = ("registry", "funding", "reporting")
WITH_DATABASE: Final = (*SERVICES, "access")
AT_ONCE: Final = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the volumes as they are before the first start: empty."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    return tmp_path


def generate(folder: Path) -> dict[str, str]:
    """Run the step, and give what every file then holds."""
    subprocess.run([sys.executable, str(STEP), str(folder)], check=True)  # noqa: S603  our own command
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_each_folder_holds_what_its_container_needs_and_no_more(folder: Path) -> None:
    """A service has its key and its two addresses; PostgreSQL has the roles' passwords; Redis has its users."""
    own = ("helhedsnet_database_url", "helhedsnet_redis_url", "services.json")
    assert set(generate(folder)) == {
        *(f"{service}/{name}" for service in SERVICES for name in (*own, f"{service}.pem")),
        "access/helhedsnet_database_url",
        *(f"postgres/{name}-password" for name in ("superuser", *WITH_DATABASE)),
        *(f"postgres/{service}-owner-password" for service in WITH_DATABASE),
        "postgres/backup-key",
        *(f"migrate/helhedsnet_{service}_owner_url" for service in WITH_DATABASE),
        "redis/users.acl",
    }


def test_second_run_changes_nothing(folder: Path) -> None:
    """A start that is not the first finds the secrets and leaves them."""
    assert generate(folder) == generate(folder)


def test_steps_at_once_make_one_set_of_secrets(folder: Path) -> None:
    """Whoever comes second waits, and finds what the first has made."""
    command = [sys.executable, str(STEP), str(folder)]
    steps = [subprocess.Popen(command) for _ in range(AT_ONCE)]  # noqa: S603  our own command
    assert [step.wait(60) for step in steps] == [0] * AT_ONCE
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert len({files[f"{service}/services.json"] for service in SERVICES}) == 1
    assert generate(folder) == files


@pytest.mark.parametrize(
    ("name", "said"),
    [("registry/registry.pem", "key_unusable"), ("funding/helhedsnet_database_url", "secret_unusable")],
)
def test_an_empty_secret_is_named_and_not_passed_on(folder: Path, name: str, said: str) -> None:
    """A file that a full disk has left empty is said in a sentence, with the way out."""
    whole = generate(folder)
    (folder / name).unlink()
    (folder / name).touch()
    command = [sys.executable, str(STEP), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  our own command
    assert done.returncode == 1
    assert done.stderr.startswith(f"{said}: ")
    assert f"{folder / name} " in done.stderr
    assert "remove " in done.stderr
    (folder / name).unlink()
    again = generate(folder)
    assert {path for path in whole if whole[path] != again[path]} <= {
        name,
        "postgres/funding-password",
        *(f"{service}/services.json" for service in SERVICES),
    }


def test_two_installations_share_no_secret(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is the same elsewhere: no secret is shipped."""
    other = tmp_path_factory.mktemp("other")
    for name in FOLDERS:
        (other / name).mkdir()
    first, second = generate(folder), generate(other)
    assert [name for name in first if first[name] == second[name]] == []


def test_a_step_that_was_broken_off_ends_the_same_way(folder: Path) -> None:
    """What is derived is made again from the record, so that a service and its server still agree."""
    whole = generate(folder)
    for name in ("postgres/funding-password", "redis/users.acl", "reporting/services.json"):
        (folder / name).unlink()
    assert generate(folder) == whole


@pytest.mark.parametrize("service", SERVICES)
def test_servers_are_given_the_passwords_that_the_services_use(folder: Path, service: str) -> None:
    """PostgreSQL is given the password itself, Redis only its hash."""
    files = generate(folder)
    assert urlsplit(files[f"{service}/helhedsnet_database_url"]).password == files[f"postgres/{service}-password"]
    password = urlsplit(files[f"{service}/helhedsnet_redis_url"]).password
    assert password is not None
    assert f"user {service} on #{hashlib.sha256(password.encode()).hexdigest()} " in files["redis/users.acl"]
    assert password not in files["redis/users.acl"]


def test_no_password_serves_twice(folder: Path) -> None:
    """Each role, on each server, has a password of its own."""
    files = generate(folder)
    passwords = [files[f"postgres/{name}-password"] for name in ("superuser", *WITH_DATABASE)]
    passwords += [str(urlsplit(files[f"{service}/helhedsnet_redis_url"]).password) for service in SERVICES]
    assert len(set(passwords)) == len(passwords)


def test_each_service_knows_the_others_by_their_public_keys(folder: Path) -> None:
    """What one signs for the owner of a log that it follows is good there, and nowhere else."""
    generate(folder)
    for service, owners in keys.FOLLOWS.items():
        credential = Credential(service, keys.load(folder / service / f"{service}.pem"))
        for owner in SERVICES:
            trusted = TrustedKeys(owner, keys.load_public(folder / owner / keys.SERVICES_FILE))
            trusted.trust({})
            if owner in owners:
                assert trusted.verify(credential.toward(owner)).identity.role == "service"
            else:
                with pytest.raises(Unauthenticated):
                    trusted.verify(credential.toward(owner))


def test_what_all_once_shared_is_taken_away_and_each_log_keeps_its_key(folder: Path) -> None:
    """An installation from before goes on under the signatures that it had."""
    former = Ed25519PrivateKey.generate()
    for service in SERVICES:
        (folder / service / keys.FORMER_FILE).write_bytes(keys.pem(former))
    generate(folder)
    assert not list(folder.rglob(keys.FORMER_FILE))
    for service in SERVICES:
        own = keys.load(folder / service / f"{service}.pem")
        assert own.private_bytes_raw() == keys.derived(former, service).private_bytes_raw()


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_services_own_user_reads_its_secrets(folder: Path, service: str) -> None:
    """Nobody else reads them, and nobody writes them."""
    generate(folder)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder / service).iterdir()}
    assert modes == {0o400}
