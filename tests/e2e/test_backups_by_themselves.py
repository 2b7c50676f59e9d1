"""An installation that takes its own backups: restored to a second, and drilled, by the words of the page."""

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest

from tests.support.containers import (
    BUILD_AND_START_SECONDS,
    COMMAND_SECONDS,
    HTTP_SECONDS,
    SERVICES,
    Installation,
    event_of,
    helhedsnet_done,
    installed,
    network_report,
    post_demo,
    run,
    skip_without_an_engine,
)
from tests.support.running import ROOT

PAGE: Final = (ROOT / "docs/operations.md").read_text().partition("\n### Backups by themselves\n")[2]
BLOCKS: Final = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SETTING: Final = next(block for block in BLOCKS if block.startswith("COMPOSE_FILE=")).strip().partition("=")[2]
RESTORE: Final = next(block for block in BLOCKS if "restore-helhedsnet" in block)
MOMENT: Final = "2026-11-30 14:05:07+01"
TOLD: Final = "/var/lib/helhedsnet/told/told.json"
ARCHIVE: Final = "/var/lib/pgbackrest/archive/helhedsnet"
READ_METRICS: Final = (
    "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/reporting/metrics').read().decode())"
)
WRONG_KEY: Final = """mkdir -p /tmp/other && echo wrong > /tmp/other/backup-key
HELHEDSNET_SECRETS_DIR=/tmp/other helhedsnet-backups now"""
DAMAGES: Final = {
    "overwritten": "printf broken | dd of=$segment bs=1 seek=200 conv=notrunc",
    "removed": "rm $segment",
}


@pytest.fixture(scope="module")
def kept() -> Iterator[Installation]:
    """Start an installation with the one setting, holding the demo, whose first backup was taken and drilled."""
    skip_without_an_engine()
    setting = ":".join(str(ROOT / file) for file in SETTING.split(":"))
    with installed(more={"COMPOSE_FILE": setting}) as installation:
        try:
            installation.compose("up", "--build", "--detach", "--wait", seconds=BUILD_AND_START_SECONDS)
            post_demo(installation.address, installation.token())
            _drilled(installation)
            yield installation
        finally:
            installation.compose("down", "--volumes", "--timeout", "10")
            with contextlib.suppress(subprocess.CalledProcessError):
                run(["docker", "image", "rm", f"helhedsnet-postgres:{installation.image_tag}"])


@pytest.mark.long(beside="tests/recovery/test_drilling.py::test_a_restore_agrees_with_what_has_gone_on_since")
def test_lost_data_is_restored_to_a_second(kept: Installation) -> None:
    """The report has the digest that it had at that moment, without what came later; the next drill agrees."""
    token = kept.token()
    _posted(kept, token, "before")
    noted = network_report(kept.address, token)
    time.sleep(1.1)
    moment = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    time.sleep(1.1)
    _posted(kept, token, "after")
    later = network_report(kept.address, token)
    assert later["digest"] != noted["digest"]
    _archived(kept)

    block = RESTORE.replace(MOMENT, moment).replace("helhedsnet_postgres-data", f"{kept.project}_postgres-data")
    run(["/bin/bash", "-euo", "pipefail", "-c", block], BUILD_AND_START_SECONDS, kept.environment)
    _serving(kept)
    token = kept.token()
    helhedsnet_done("recover", "--url", kept.address, "--token", token)
    restored = network_report(kept.address, token)
    assert restored["digest"] == noted["digest"]
    assert restored["as_of"]["registry"] == noted["as_of"]["registry"]

    # One that began before all was recovered says so; it is tried again.
    assert _now(kept).returncode == 0
    told = _told(kept)["drill"]
    assert (told["code"], told["digest"]) == (None, noted["digest"])
    assert _metric(kept, "helhedsnet_drill_well") == 1
    assert _metric(kept, "helhedsnet_archive_well") == 1
    helhedsnet_done("status", "--once", "--url", kept.address, "--token", token)


@pytest.mark.long(beside="tests/recovery/test_drilling.py::test_a_restore_agrees_with_what_has_gone_on_since")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_part_of_the_log_that_is_not_whole_fails_the_drill(kept: Installation, damage: str) -> None:
    """It is told, and alarms; the backup that follows leads on from there, and the next drill is good."""
    token = kept.token()
    assert _now(kept).returncode == 0
    _posted(kept, token, damage)
    segment = _archived(kept)
    script = f"segment=$(ls {ARCHIVE}/*/*/{segment}-*); {DAMAGES[damage]}"
    kept.compose("exec", "-T", "backups", "bash", "-euc", script)
    assert _now(kept).returncode == 1
    assert _told(kept)["drill"]["code"] == "recovery_failed"
    assert _metric(kept, "helhedsnet_drill_well") == 0
    status = [sys.executable, "-m", "services.command.cli", "status", "--once", "--url", kept.address]
    said = subprocess.run([*status, "--token", token], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603  our own
    assert (said.returncode, "recovery_failed" in said.stdout) == (1, True), said.stdout
    assert _now(kept).returncode == 0
    assert _metric(kept, "helhedsnet_drill_well") == 1


@pytest.mark.long(beside="tests/recovery/test_drilling.py::test_a_restore_agrees_with_what_has_gone_on_since")
def test_a_wrong_key_fails_the_drill(kept: Installation) -> None:
    """Nothing is written to a place whose key is a different one, and both say so; with the right one all is well."""
    done = _asked(kept, "exec", "-T", "backups", "bash", "-c", WRONG_KEY)
    assert done.returncode == 1, done.stderr
    told = _told(kept)
    assert {told["drill"]["code"], told["backup"]["code"]} == {"repository_unusable"}
    assert _metric(kept, "helhedsnet_drill_well") == 0
    assert _now(kept).returncode == 0
    assert _metric(kept, "helhedsnet_drill_well") == 1


def _posted(kept: Installation, token: str, name: str) -> None:
    """Register an area, and wait until reporting has it."""
    area = {"area": f"til-{name}", "name": name, "municipality": "Aarhus Kommune"}
    with _client(kept, token) as client:
        posted = client.post("/registry/events", json=event_of(f"area-{name}", "area.registered", area))
        cursor = posted.raise_for_status().json()["cursor"]
        client.get("/reporting/reports/network", params={"at_least": cursor}).raise_for_status()


def _client(kept: Installation, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=kept.address, headers=headers, timeout=HTTP_SECONDS)


def _archived(kept: Installation) -> str:
    """Have all that was written archived, and give the name of its last part."""
    segment = _query(kept, "SELECT pg_walfile_name(pg_switch_wal())")
    _until(lambda: _query(kept, "SELECT last_archived_wal FROM pg_stat_archiver")[:24] >= segment)
    return segment


def _query(kept: Installation, query: str) -> str:
    psql = ("psql", "--username", "postgres", "--tuples-only", "--no-align", "--command", query)
    return kept.compose("exec", "-T", "postgres", *psql).strip()


def _told(kept: Installation) -> dict[str, Any]:
    """Give what those who take backups tell."""
    told: dict[str, Any] = json.loads(kept.compose("exec", "-T", "backups", "cat", TOLD) or "{}")
    return told


def _drilled(kept: Installation) -> None:
    """Wait until the drill that begins by itself at the first start has ended well."""

    def is_drilled() -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            return bool(_told(kept).get("drill", {}).get("good"))
        return False

    _until(is_drilled)


def _serving(kept: Installation) -> None:
    """Wait until all services answer, though none is ready before it was brought to agreement."""
    with httpx.Client(base_url=kept.address, timeout=HTTP_SECONDS) as client:

        def do_all_serve() -> bool:
            try:
                return all(client.get(f"/{service}/health/serving").is_success for service in SERVICES)
            except httpx.TransportError:
                return False

        _until(do_all_serve)


def _now(kept: Installation) -> "subprocess.CompletedProcess[str]":
    """Drill and back up at once; whoever does so by itself just then is waited for."""
    deadline = time.monotonic() + COMMAND_SECONDS
    while "already_running" in (done := _asked(kept, "exec", "-T", "backups", "helhedsnet-backups", "now")).stderr:
        assert time.monotonic() < deadline
        time.sleep(1)
    return done


def _asked(kept: Installation, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  our own commands
        ["docker", "compose", *arguments],  # noqa: S607  the engine's, wherever it is
        env=kept.environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=COMMAND_SECONDS,
    )


def _metric(kept: Installation, name: str) -> float:
    """Read one of reporting's metrics as it is now."""
    shown = kept.compose("exec", "-T", "reporting", "python", "-c", READ_METRICS)
    (value,) = re.findall(rf"^{name} (\S+)$", shown, re.MULTILINE)
    return float(value)


def _until(holds: Any) -> None:  # noqa: ANN401  a question without arguments
    deadline = time.monotonic() + COMMAND_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(1)
