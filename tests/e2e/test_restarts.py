"""Containers of compose are restarted, and keys made anew, under load: what need not be lost is not."""

from http import HTTPStatus
from typing import Final

import httpx
import pytest

from tests.support.containers import HTTP_SECONDS, LANES, SERVICES, Installation, PatientLoad

# Where the database is away whoever asks is told to come back; the others are waited for at the gateway.
WAITED_FOR: Final = (*SERVICES, "access", "redis")
# The steps of the operations page.
PSQL_STEP: Final = ("exec", "-T", "postgres", "bash", "/docker-entrypoint-initdb.d/10-roles-and-databases.sh")
REMOVED: Final = (
    "/secrets/registry/helhedsnet_database_url",
    "/secrets/migrate/helhedsnet_registry_owner_url",
    "/secrets/registry/helhedsnet_redis_url",
)

pytestmark = pytest.mark.long(
    beside="tests/shared/test_service.py::test_a_database_server_that_goes_away_and_comes_back"
)


def _check_stored(installation: Installation, load: PatientLoad) -> None:
    for service in SERVICES:
        assert installation.logged(service, load.mark) == sorted(load.stored[service])


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("name", WAITED_FOR)
def test_nothing_is_refused_while_a_container_is_restarted(installation: Installation, token: str, name: str) -> None:
    """Requests wait for it: none is cut, none is told to come back, each is stored once."""
    with PatientLoad(installation.address, token) as load:
        load.wait_for(4 * LANES)
        installation.compose("restart", name)
        installation.compose("up", "--detach", "--wait")
        load.wait_for(load.answered + 4 * LANES)
    assert (load.failed, load.told_to_wait) == ([], 0)
    _check_stored(installation, load)


@pytest.mark.usefixtures("report")
def test_a_database_that_is_restarted_is_told_of_clearly(installation: Installation, token: str) -> None:
    """Nothing but success and `503` with `Retry-After`; who comes back has lost nothing."""
    with PatientLoad(installation.address, token) as load:
        load.wait_for(4 * LANES)
        installation.compose("restart", "postgres")
        installation.compose("up", "--detach", "--wait")
        load.wait_for(load.answered + 4 * LANES)
    assert load.failed == []
    _check_stored(installation, load)


@pytest.mark.usefixtures("report")
def test_passwords_are_made_anew_by_the_steps_of_the_page(installation: Installation, token: str) -> None:
    """A service's own, of both servers: the old ones are good no more, and nothing was lost."""
    before = installation.secrets()
    with PatientLoad(installation.address, token) as load:
        load.wait_for(4 * LANES)
        installation.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "rm", "secrets", "-f", *REMOVED)
        installation.compose("up", "--detach", "--force-recreate", "redis", "registry")
        installation.compose(*PSQL_STEP)
        installation.compose("up", "--detach", "--wait")
        load.wait_for(load.answered + 4 * LANES)
    assert load.failed == []
    _check_stored(installation, load)
    after = installation.secrets()
    changed = {line.split()[1] for line in set(after.splitlines()) ^ set(before.splitlines())}
    assert set(REMOVED) < changed
    assert "/secrets/funding/helhedsnet_database_url" not in changed
    answer = httpx.get(f"{installation.address}/registry/health/ready", timeout=HTTP_SECONDS)
    assert answer.status_code == HTTPStatus.OK


@pytest.mark.usefixtures("report")
def test_older_data_get_checksums_by_the_step_of_the_page(installation: Installation) -> None:
    """Whatever the image that made them asked for."""
    psql = ("exec", "-T", "postgres", "psql", "--username", "postgres", "--tuples-only", "--no-align", "--command")
    if installation.compose(*psql, "SHOW data_checksums").strip() == "off":
        installation.compose("stop")
        step = 'pg_checksums --enable --pgdata "$PGDATA"'
        installation.compose("run", "--rm", "--no-deps", "-T", "postgres", "bash", "-c", step)
        installation.compose("up", "--detach", "--wait")
    assert installation.compose(*psql, "SHOW data_checksums").strip() == "on"
