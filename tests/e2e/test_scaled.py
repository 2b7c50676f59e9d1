"""Two replicas of each service behind the gateway of compose: each takes its share, and one may be lost."""

import dataclasses
import time
from collections.abc import Iterator
from typing import Final

import pytest

from tests.support.containers import (
    AMOUNT_ORE,
    AREA,
    BUILD_AND_START_SECONDS,
    COMMAND_SECONDS,
    LANES,
    PLAN,
    SERVICES,
    Installation,
    PatientLoad,
    helhedsnet_done,
    network_report,
    run,
)

REPLICAS: Final = 2
ROUNDS: Final = 30 * LANES
# Of two that are alike each takes half; this much of it at least, though one of them follows and the other stands by.
SHARE: Final = 0.2
# Asked twice a second, given two seconds, and a request that had been sent is waited for by whoever sent it.
ANSWERED_SECONDS: Final = 10.0

pytestmark = pytest.mark.long(beside="tests/deploy/test_ways.py::test_each_replica_is_called_by_its_own_name")


@pytest.fixture(scope="module")
def scaled(installation: Installation) -> Iterator[Installation]:
    """Give the installation with two replicas of each service; afterwards it is as it was."""
    scaled = dataclasses.replace(installation, more={**installation.more, "HELHEDSNET_REPLICAS": str(REPLICAS)})
    scaled.compose("up", "--detach", "--wait", seconds=BUILD_AND_START_SECONDS)
    try:
        yield scaled
    finally:
        installation.compose("up", "--detach", "--wait", "--remove-orphans", seconds=BUILD_AND_START_SECONDS)


def _name(scaled: Installation, service: str, number: int) -> str:
    return f"{scaled.project}-{service}-{number}"


def _taken(scaled: Installation, service: str) -> list[int]:
    """Give how many events each replica has taken since it started."""
    ask = f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/{service}/metrics').read().decode())"
    taken = []
    for number in range(1, REPLICAS + 1):
        told = run(["docker", "exec", _name(scaled, service, number), "python", "-c", ask]).splitlines()
        counts = [line.rpartition(" ")[2] for line in told if line.startswith("helhedsnet_intake_events_total{")]
        taken.append(int(sum(map(float, counts))))
    return taken


def _check_shares(scaled: Installation, token: str) -> None:
    """Each replica of each service takes its share of what is posted."""
    before = {service: _taken(scaled, service) for service in SERVICES}
    with PatientLoad(scaled.address, token) as load:
        load.wait_for(ROUNDS)
    assert load.failed == []
    for service in SERVICES:
        shares = [after - had for after, had in zip(_taken(scaled, service), before[service], strict=True)]
        assert min(shares) > SHARE * sum(shares) > 0, (service, shares)


def _check_money(scaled: Installation, token: str) -> None:
    """What the report says is committed to the plan of the load is what was posted of it, each once."""
    (plan,) = [each for each in network_report(scaled.address, token)["plans"] if each["plan"] == PLAN["plan"]]
    posted = len(scaled.logged("funding", "load-")) + len(scaled.logged("funding", AREA["area"]))
    assert plan["funding"]["committed_ore"] == posted * AMOUNT_ORE


def _wait_until_healthy(name: str) -> None:
    deadline = time.monotonic() + COMMAND_SECONDS
    while run(["docker", "inspect", "--format", "{{.State.Health.Status}}", name]).strip() != "healthy":
        assert time.monotonic() < deadline, name
        time.sleep(1)


@pytest.mark.usefixtures("report")
def test_each_replica_takes_its_share(scaled: Installation, token: str) -> None:
    """Of events that are posted to each of the three services."""
    _check_shares(scaled, token)


@pytest.mark.usefixtures("report")
def test_one_replica_of_each_is_killed_under_load(scaled: Installation, token: str) -> None:
    """Whoever tries again loses nothing, nothing is doubled, the report is exact, and both take their share again."""
    with PatientLoad(scaled.address, token) as load:
        for service in SERVICES:
            load.wait_for(load.answered + ROUNDS // 3)
            name = _name(scaled, service, 1)
            run(["docker", "kill", "--signal", "KILL", name])
            load.wait_for(load.answered + ROUNDS // 3)
            run(["docker", "start", name])
            _wait_until_healthy(name)
    assert load.failed == []
    for service in SERVICES:
        assert scaled.logged(service, load.mark) == sorted(load.stored[service])
    _check_money(scaled, token)
    helhedsnet_done("verify", "--url", scaled.address, "--token", token)
    _check_shares(scaled, token)


@pytest.mark.usefixtures("report")
def test_a_replica_that_stands_still_is_asked_nothing_more(scaled: Installation, token: str) -> None:
    """Its machine answers for it, but it does not: whoever comes is answered by the other one."""
    names = [_name(scaled, service, 1) for service in SERVICES]
    try:
        run(["docker", "pause", *names])
        # Until the gateway has looked twice.
        time.sleep(ANSWERED_SECONDS / 2)
        with PatientLoad(scaled.address, token) as load:
            load.wait_for(ROUNDS)
    finally:
        run(["docker", "unpause", *names])
    assert (load.failed, load.told_to_wait) == ([], 0)
    assert load.longest_s < ANSWERED_SECONDS
    for name in names:
        _wait_until_healthy(name)
