"""What watches an installation: alarms that fire, a board that shows what there is, and neither knows what is not."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
MONITORING: Final = ROOT / "deploy/monitoring"
OPERATIONS: Final = (ROOT / "docs/operations.md").read_text()
RULES: Final[list[dict[str, Any]]] = [
    rule for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
CASES: Final[list[dict[str, Any]]] = yaml.safe_load((MONITORING / "alerts_test.yml").read_text())["tests"]
BOARD: Final[dict[str, Any]] = json.loads((MONITORING / "grafana/helhedsnet.json").read_text())
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
# Of Prometheus itself, of the client library and of the gateway, which `tests/e2e/test_compose.py` reads there.
OF_OTHERS: Final = {
    "up",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "caddy_http_request_duration_seconds_bucket",
    "caddy_http_request_duration_seconds_count",
    "caddy_http_requests_in_flight",
}
# Which service it is says the job already.
NOT_SHOWN: Final = {"helhedsnet_service"}
NAME: Final = re.compile(r"\b(?:helhedsnet|caddy|process)_[a-z_]+|\bup\b")
PROMTOOL: Final = shutil.which("promtool") or ""


def _of_ours() -> set[str]:
    """Give the metrics that the operations page names, each as a row of its table calls it."""
    rows = [line for line in OPERATIONS.splitlines() if line.startswith("| `helhedsnet_")]
    return {
        name for row in rows for name in re.findall(r"`(helhedsnet_[a-z_]+)", row.split("|")[1] + row.split("|")[2])
    }


def _expressions() -> dict[str, str]:
    """Give every expression by the alarm or the panel that asks it."""
    panels = {panel["title"]: " ".join(t["expr"] for t in panel.get("targets", ())) for panel in BOARD["panels"]}
    return panels | {rule["alert"]: rule["expr"] for rule in RULES}


@pytest.mark.parametrize(("asked_by", "expression"), _expressions().items())
def test_alarms_and_the_board_ask_for_what_there_is(asked_by: str, expression: str) -> None:
    """A metric that nobody has is never an alarm."""
    ours = _of_ours()
    for name in NAME.findall(expression):
        known = re.sub(r"_(?:sum|count|bucket)$", "", name) if name.startswith("helhedsnet") else name
        assert known in ours | OF_OTHERS, (asked_by, name)


@pytest.mark.parametrize("name", sorted(_of_ours() - NOT_SHOWN))
def test_every_metric_is_watched(name: str) -> None:
    """One that is on no board and in no alarm is looked at by nobody."""
    assert re.search(rf"\b{name}(?:_sum|_count|_bucket)?\b", " ".join(_expressions().values())), name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_each_alarm_has_its_case_and_its_place_on_the_page(rule: dict[str, Any]) -> None:
    """It is silent first and fires then, and says where it is written what to do."""
    (case,) = [case for case in CASES if case["name"] == rule["alert"]]
    fires = [bool(looked["exp_alerts"]) for looked in case["alert_rule_test"] if looked["alertname"] == rule["alert"]]
    assert fires == ([True] if rule["labels"]["severity"] == "none" else [False, True])
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in [re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_each_panel_of_the_board_is_one() -> None:
    """Neither its number nor what it asks for stands there twice."""
    panels = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
    for seen in (
        [panel["id"] for panel in panels],
        [str([each["expr"] for each in panel["targets"]]) for panel in panels],
    ):
        assert len(seen) == len(set(seen))


def test_every_service_is_read_and_its_memory_known() -> None:
    """As the compose file has it: names, ports and the memory that a container may have."""
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    services = {name for name, service in COMPOSE["services"].items() if "services" in service.get("networks", ())}
    services |= {name for name, service in COMPOSE["services"].items() if str(service.get("command")).find(".app:") > 0}
    assert {job["job_name"] for job in jobs} == services
    (expression,) = [rule["expr"] for rule in RULES if rule["alert"] == "MemoryNearItsLimit"]
    assert COMPOSE["x-service"]["mem_limit"] == "512m"
    assert "0.85 * 512 * 1024 * 1024" in expression


@pytest.mark.skipif(not PROMTOOL, reason="promtool is not on this machine")
@pytest.mark.parametrize(
    "asked",
    [("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")],
    ids=["the files are good", "each alarm fires"],
)
def test_promtool_agrees(asked: tuple[str, ...]) -> None:
    """Prometheus' own tool reads the files, and plays every case."""
    said = subprocess.run(  # noqa: S603  a program that answers at once, and our own files
        [PROMTOOL, *asked], cwd=MONITORING, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
