"""`deploy/swarm.yml` is what docker-compose.yml is, on several machines; where there is one, Docker itself reads it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "deploy/swarm.yml"
SWARM: Final[dict[str, Any]] = yaml.safe_load(FILE.read_text())
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
WITH_A_LOG: Final = ("registry", "funding", "reporting")
# A swarm ends whoever is not healthy, so these are asked whether they answer, and not whether they are ready.
ANSWERS: Final = (*WITH_A_LOG, "access")
# The step that makes the secrets writes into volumes of one machine: for a swarm it runs before.
OF_COMPOSE_ALONE: Final = {"secrets"}
# Compose is reached in the clear on one machine, a swarm over TLS under a name.
TLS: Final = {"HELHEDSNET_TLS": "files"}
SECONDS: Final = 60


def _default(value: str) -> str:
    return value.partition(":-")[2].removesuffix("}") if value.startswith("${") else value


def _settings(service: dict[str, Any]) -> dict[str, str]:
    return {name: _default(value) for name, value in service.get("environment", {}).items()}


@pytest.mark.parametrize("name", sorted(SWARM["services"]))
def test_a_container_is_what_it_is_in_compose(name: str) -> None:
    """The same image, user, command, health, room, time to end, memory, and rights."""
    service, compose = SWARM["services"][name], COMPOSE[name]
    if name in ANSWERS:
        test = [*compose["healthcheck"]["test"], "8000", "live"]
        compose = {**compose, "healthcheck": {**compose["healthcheck"], "test": test, "start_period": "300s"}}
    for field in ("image", "user", "command", "entrypoint", "healthcheck", "stop_grace_period", "cap_drop", "cap_add"):
        # Of one that brings nothing of its own the list is empty.
        assert (service.get(field) or None) == (compose.get(field) or None), field
    assert service["read_only"] == compose["read_only"]
    assert set(compose["tmpfs"]) <= set(service["tmpfs"])
    limits = service["deploy"]["resources"]["limits"]
    assert (limits["memory"].lower(), limits["pids"]) == (compose["mem_limit"], compose["pids_limit"])


def test_no_container_is_left_out() -> None:
    """But the one that makes the secrets."""
    assert set(SWARM["services"]) == set(COMPOSE) - OF_COMPOSE_ALONE


@pytest.mark.parametrize("name", [*WITH_A_LOG, "access", "migrate", "postgres"])
def test_a_service_is_told_what_it_is_told_in_compose(name: str) -> None:
    """But for the address that people open."""
    told, compose = _settings(SWARM["services"][name]), _settings(COMPOSE[name])
    if "HELHEDSNET_PUBLIC_URL" in told:
        assert told.pop("HELHEDSNET_PUBLIC_URL") == "https://helhedsnet.example.dk"
        compose.pop("HELHEDSNET_PUBLIC_URL")
    assert told == compose


def test_the_gateway_is_reached_over_tls_alone() -> None:
    """What it publishes on every machine is what `files` publishes in compose."""
    gateway = SWARM["services"]["gateway"]
    assert _settings(gateway).items() >= TLS.items()
    published = [(port["published"], port["target"], port["mode"]) for port in gateway["ports"]]
    assert published == [(443, 8443, "host"), (80, 8081, "host")]
    assert [name for name, service in SWARM["services"].items() if "ports" in service] == ["gateway"]


def test_the_networks_are_those_of_compose() -> None:
    """The databases are on none that the gateway is on, and only those with a way out that have one in compose."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["networks"]
    closed = {name for name, said in SWARM["networks"].items() if said.get("internal")}
    assert closed == {name for name, said in compose.items() if (said or {}).get("internal")}
    for name, service in SWARM["services"].items():
        assert service["networks"] == COMPOSE[name]["networks"], name


def test_services_run_twice_and_what_keeps_data_stays_where_it_is() -> None:
    """One machine can be lost; whichever has the data is named by a label."""
    for name in WITH_A_LOG:
        deploy = SWARM["services"][name]["deploy"]
        assert (deploy["replicas"], deploy["placement"]) == (2, {"max_replicas_per_node": 1})
        # Of two that serve, an update has one serve before the other ends.
        assert deploy["update_config"]["order"] == "start-first"
    for name in ("postgres", "access"):
        assert SWARM["services"][name]["deploy"]["placement"]["constraints"] == ["node.labels.helhedsnet.data == true"]


def test_each_file_and_secret_is_handed_to_who_needs_it() -> None:
    """Each that is declared is used, and what a service's volume holds in compose it is handed here."""
    used: dict[str, set[str]] = {"secrets": set(), "configs": set()}
    for service in SWARM["services"].values():
        for kind, names in used.items():
            names |= {each["source"] for each in service.get(kind, ())}
    assert used == {kind: set(SWARM[kind]) for kind in used}
    for name in WITH_A_LOG:
        handed = {Path(each["target"]).name for each in SWARM["services"][name]["secrets"]}
        assert handed == {"helhedsnet_database_url", "helhedsnet_redis_url", f"{name}.pem", "services.json"}
    for each in SWARM["configs"].values():
        assert (FILE.parent / each["file"]).is_file()


@pytest.mark.long(beside="test_no_container_is_left_out")
def test_the_engines_own_command_takes_it() -> None:
    """Docker reads it as a stack, with nothing that it does not know; it asks no engine for that."""
    if shutil.which("docker") is None:
        pytest.skip("there is no docker command on this machine")
    command = ["docker", "stack", "config", "--compose-file", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603  our own
    if "unknown" in done.stderr and "config" in done.stderr.lower() and not done.stdout:
        pytest.skip("this docker command reads no stacks")
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    assert set(read["services"]) == set(SWARM["services"])
