"""What `deploy/kubernetes` renders to: valid, held to docker-compose.yml, and with as few rights.

No Kubernetes is asked: kubectl puts it together from files, and what it gives is held to Kubernetes' own schema.
"""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import jsonschema
import kubernetes_validate
import pytest
import yaml

from services.funding.settings import FundingSettings
from services.registry.settings import RegistrySettings
from services.reporting.settings import ReportingSettings
from tests.support.cloudnative_pg import SCHEMAS

ROOT: Final = Path(__file__).parents[2]
KUBERNETES: Final = ROOT / "deploy/kubernetes"
KUBECTL: Final = Path(sys.executable).with_name("kubectl")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OVERLAYS: Final = ("one-node", "three-nodes")
WITH_A_LOG: Final = ("registry", "funding", "reporting")
SERVICES: Final = (*WITH_A_LOG, "access")
SECONDS: Final = 60

Manifest: TypeAlias = dict[str, Any]
Manifests: TypeAlias = dict[tuple[str, str], Manifest]


def _rendered(overlay: str) -> Manifests:
    command = [str(KUBECTL), "kustomize", str(KUBERNETES / "overlays" / overlay)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603  our own command
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(done.stdout)}


@pytest.fixture(scope="module")
def overlays() -> dict[str, Manifests]:
    """Give what each overlay renders to, by kind and name."""
    return {overlay: _rendered(overlay) for overlay in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def manifests(overlays: dict[str, Manifests], request: pytest.FixtureRequest) -> Manifests:
    """Give what one overlay renders to."""
    return overlays[request.param]


def _pods(manifests: Manifests) -> Iterator[tuple[str, Manifest]]:
    for (kind, name), each in manifests.items():
        if kind in {"Deployment", "Job"}:
            yield name, each["spec"]["template"]["spec"]


def _main(manifests: Manifests, name: str, kind: str = "Deployment") -> Manifest:
    (container,) = manifests[kind, name]["spec"]["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def test_kubernetes_would_take_it(manifests: Manifests) -> None:
    """Every field is one that its schema knows; of the operator's own kinds the fields that we use are."""
    newest = kubernetes_validate.latest_version().rpartition(".")[0]
    for (kind, name), each in manifests.items():
        if schema := SCHEMAS.get((each["apiVersion"], kind)):
            jsonschema.validate(each["spec"], schema)
        else:
            kubernetes_validate.validate(each, newest, strict=True)
        if kind == "Deployment" and each["spec"].get("strategy", {}).get("type") == "Recreate":
            assert "rollingUpdate" not in each["spec"]["strategy"], name


def test_a_misspelt_field_is_found(manifests: Manifests) -> None:
    """The check above can fail, for kinds of Kubernetes and for those of the operator."""
    policy = {**manifests["NetworkPolicy", "redis"], "spec": {"podSelectors": {}}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(policy, kubernetes_validate.latest_version().rpartition(".")[0], strict=True)
    cluster = manifests["Cluster", "postgres"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**cluster["spec"], "instance": 3}, SCHEMAS[cluster["apiVersion"], "Cluster"])


def _settings(manifests: Manifests, name: str) -> dict[str, str]:
    said = dict(manifests["ConfigMap", "settings"]["data"])
    return {**said, **{each["name"]: each["value"] for each in _main(manifests, name).get("env", ())}}


def _default(value: str) -> str:
    """Give what compose takes where nothing is set."""
    return value.partition(":-")[2].removesuffix("}") if value.startswith("${") else value


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_what_it_is_in_compose(manifests: Manifests, service: str) -> None:
    """The same image, command, settings, memory, room, and time to end."""
    compose, container = COMPOSE[service], _main(manifests, service)
    assert container["image"] == "helhedsnet:local"
    assert container["args"] == compose["command"]
    told = {name: _default(value) for name, value in compose["environment"].items()}
    # Compose is for one machine, and this for a name that people open.
    public = {"HELHEDSNET_PUBLIC_URL": "https://helhedsnet.example.dk"}
    assert _settings(manifests, service) == {**told, **public}
    _check_bounds(manifests, service)
    pod = manifests["Deployment", service]["spec"]["template"]["spec"]
    assert f"{pod['terminationGracePeriodSeconds']}s" == compose["stop_grace_period"]


def _check_bounds(manifests: Manifests, name: str, kind: str = "Deployment") -> None:
    compose = COMPOSE[name]
    limit = _main(manifests, name, kind)["resources"]["limits"]["memory"]
    assert limit.removesuffix("i").lower() == compose["mem_limit"]
    pod = manifests[kind, name]["spec"]["template"]["spec"]
    rooms = [each["emptyDir"]["sizeLimit"] for each in pod["volumes"] if each.get("emptyDir", {}).get("medium")]
    assert [room.removesuffix("i").lower() for room in rooms] == [
        said.rpartition("size=")[2] for said in compose["tmpfs"]
    ]


@pytest.mark.parametrize("name", ["gateway", "redis"])
def test_what_stands_before_and_beside_them_is_what_it_is_in_compose(manifests: Manifests, name: str) -> None:
    """The same image, command, user and bounds."""
    compose, container = COMPOSE[name], _main(manifests, name)
    pod = manifests["Deployment", name]["spec"]["template"]["spec"]["securityContext"]
    assert container["image"] == _default(compose["image"])
    assert (container.get("args") or container["command"]) == compose["command"]
    assert f"{pod['runAsUser']}:{pod['runAsGroup']}" == compose["user"]
    _check_bounds(manifests, name)


def test_the_tables_are_migrated_as_in_compose(manifests: Manifests) -> None:
    """As their owners, after the step that makes the roles, which is the one of compose."""
    container = _main(manifests, "migrate", "Job")
    assert container["command"] == COMPOSE["migrate"]["entrypoint"]
    assert {each["name"]: each["value"] for each in container["env"]} == COMPOSE["migrate"]["environment"]
    _check_bounds(manifests, "migrate", "Job")
    ((step, said),) = next(each for (_, name), each in manifests.items() if name.startswith("roles-"))["data"].items()
    assert said == (ROOT / "deploy/postgres" / step).read_text()
    (before,) = manifests["Job", "migrate"]["spec"]["template"]["spec"]["initContainers"]
    assert (before["image"], before["command"][-1]) == (_default(COMPOSE["postgres"]["image"]), f"/opt/roles/{step}")


def test_postgresql_is_set_as_in_compose(manifests: Manifests) -> None:
    """And has the name that the services' addresses have, for whichever instance takes writes."""
    spec, (program, *said) = manifests["Cluster", "postgres"]["spec"], COMPOSE["postgres"]["command"]
    assert program == "postgres"
    assert spec["postgresql"]["parameters"] == dict(setting.split("=") for setting in said if setting != "-c")
    assert spec["resources"]["limits"]["memory"].removesuffix("i").lower() == COMPOSE["postgres"]["mem_limit"]
    assert COMPOSE["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == "--data-checksums"
    assert spec["bootstrap"] == {"initdb": {"dataChecksums": True}}
    (named,) = spec["managed"]["services"]["additional"]
    assert (named["selectorType"], named["serviceTemplate"]["metadata"]["name"]) == ("rw", "postgres")


def test_nothing_has_rights_that_it_does_not_need(manifests: Manifests) -> None:
    """As in compose: not root, nothing to write to, no right to gain, memory with a bound, no word with Kubernetes."""
    names = set()
    for name, pod in _pods(manifests):
        names.add(name)
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            may = container["securityContext"]
            assert may["readOnlyRootFilesystem"], name
            assert may["allowPrivilegeEscalation"] is False, name
            assert may["capabilities"].get("drop") == ["ALL"], name
            assert may["capabilities"].get("add") == COMPOSE[name].get("cap_add"), name
            assert container["resources"]["limits"]["memory"], name
    assert names == {*SERVICES, "gateway", "redis", "migrate"}


def test_each_deployment_is_looked_after(manifests: Manifests) -> None:
    """It is started again when it does not answer, and asked nothing before it serves."""
    for kind, name in manifests:
        if kind == "Deployment":
            container = _main(manifests, name)
            assert {"livenessProbe", "readinessProbe"} <= container.keys(), name
            if name in SERVICES:
                assert container["readinessProbe"]["httpGet"]["path"] == f"/{name}/health/serving"
                assert container["startupProbe"]["httpGet"]["path"] == f"/{name}/health/live"


def test_what_is_asked_for_is_there(manifests: Manifests) -> None:
    """Each claim and file that a pod takes is one of these, or a secret that the step of secrets writes."""
    made = {f"{name}-secrets" for name in (*SERVICES, "migrate", "redis", "postgres")}
    for name, pod in _pods(manifests):
        for volume in pod.get("volumes", ()):
            if claim := volume.get("persistentVolumeClaim"):
                assert ("PersistentVolumeClaim", claim["claimName"]) in manifests, name
            if files := volume.get("configMap"):
                assert ("ConfigMap", files["name"]) in manifests, name
            if secret := volume.get("secret"):
                assert secret["secretName"] in made or ("Secret", secret["secretName"]) in manifests, name


def test_ports_are_those_of_the_addresses(manifests: Manifests) -> None:
    """A service answers where the others' settings say, and the gateway where the ingress leads."""
    ports = {name: each["spec"]["ports"][0]["port"] for (kind, name), each in manifests.items() if kind == "Service"}
    assert ports == {**dict.fromkeys(SERVICES, 8000), "gateway": 8080, "redis": 6379}
    for name, number in ports.items():
        (port,) = _main(manifests, name)["ports"]
        assert port["containerPort"] == number
    address = _settings(manifests, "registry")["HELHEDSNET_PUBLIC_URL"]
    (rule,) = manifests["Ingress", "gateway"]["spec"]["rules"]
    assert f"https://{rule['host']}" == address


def _reaches(manifests: Manifests, name: str) -> set[str]:
    """Give whom a pod may reach, by the policies that are about it."""
    labels = {**manifests["Deployment", name]["spec"]["template"]["metadata"]["labels"]}
    reached: set[str] = set()
    for (kind, _), policy in manifests.items():
        if kind == "NetworkPolicy" and _selects(policy["spec"]["podSelector"], labels):
            for rule in policy["spec"].get("egress", ()):
                reached |= {_who(each) for each in rule.get("to", [{}])}
    return reached


def _selects(selector: Manifest, labels: dict[str, str]) -> bool:
    exact = selector.get("matchLabels", {}).items() <= labels.items()
    return exact and all(labels.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", ()))


def _who(peer: Manifest) -> str:
    selector: Manifest = peer.get("podSelector") or peer.get("namespaceSelector") or {}
    named = selector.get("matchLabels", {})
    return next(iter(named.values()), "anywhere")


def test_nobody_reaches_anybody_but_whom_it_needs(manifests: Manifests) -> None:
    """As on the networks of compose: the gateway no database, the services nothing outside, access its providers."""
    assert manifests["NetworkPolicy", "nothing-else"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    reached = {name: _reaches(manifests, name) - {"kube-system"} for name in (*SERVICES, "gateway", "redis")}
    assert reached == {
        **{name: {"service", "postgres", "redis"} for name in WITH_A_LOG},
        "access": {"service", "postgres", "anywhere"},
        "gateway": {"service"},
        "redis": set(),
    }


def test_three_nodes_may_lose_any_one(overlays: dict[str, Manifests]) -> None:
    """Commits are in two places, services run twice and apart, and a node is emptied step by step."""
    three = overlays["three-nodes"]
    spec = three["Cluster", "postgres"]["spec"]
    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
        "failoverQuorum": True,
    }
    assert spec["affinity"]["podAntiAffinityType"] == "required"
    for name in (*WITH_A_LOG, "gateway"):
        assert three["PodDisruptionBudget", name]["spec"]["minAvailable"] == 1
        (apart,) = three["Deployment", name]["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert apart["topologyKey"] == "kubernetes.io/hostname"
        # Kubernetes takes the keys beside a selector alone, which its schema does not say.
        assert apart["labelSelector"]
        assert apart["matchLabelKeys"] == ["app", "pod-template-hash"]
    for name in WITH_A_LOG:
        assert three["HorizontalPodAutoscaler", name]["spec"]["minReplicas"] == 2
        # Else each `kubectl apply` would set it back.
        assert "replicas" not in three["Deployment", name]["spec"]
    assert three["Deployment", "gateway"]["spec"]["replicas"] == 2
    assert three["PersistentVolumeClaim", "releases"]["spec"]["accessModes"] == ["ReadWriteMany"]


def test_backups_go_elsewhere_each_night(overlays: dict[str, Manifests]) -> None:
    """The log as it is written, and all of it once a day; the cluster, its store and the plan name one another."""
    three = overlays["three-nodes"]
    (plugin,) = three["Cluster", "postgres"]["spec"]["plugins"]
    nightly = three["ScheduledBackup", "nightly"]["spec"]
    assert plugin["isWALArchiver"]
    assert ("ObjectStore", plugin["parameters"]["barmanObjectName"]) in three
    assert nightly["pluginConfiguration"]["name"] == plugin["name"]
    assert ("Cluster", nightly["cluster"]["name"]) in three


def test_as_many_replicas_as_there_may_be_have_connections(overlays: dict[str, Manifests]) -> None:
    """While one more is started beside them, as in an update; and PostgreSQL takes what all roles may have."""
    step = (ROOT / "deploy/postgres/10-roles-and-databases.sh").read_text()
    limit = int(step.partition("CONNECTION LIMIT ")[2].partition(" ")[0])
    # The relay, the look at the database, and a rebuild or a release have one each beside the pools.
    beside = 3
    for settings in (RegistrySettings, FundingSettings, ReportingSettings):
        each = settings.model_fields["database_connections"].default + beside
        most = overlays["three-nodes"]["HorizontalPodAutoscaler", "registry"]["spec"]["maxReplicas"] + 1
        assert most * each <= limit
    parameters = overlays["three-nodes"]["Cluster", "postgres"]["spec"]["postgresql"]["parameters"]
    assert len(SERVICES) * limit < int(parameters["max_connections"])


def test_secrets_are_written_as_kubernetes_takes_them(tmp_path: Path) -> None:
    """Those of the one step that makes secrets; what each pod's secret holds is what its volume holds in compose."""
    for name in (*SERVICES, "migrate", "redis", "postgres"):
        (tmp_path / name).mkdir()
    made = [sys.executable, str(ROOT / "deploy/generate_secrets.py"), str(tmp_path)]
    subprocess.run(made, check=True, timeout=SECONDS)  # noqa: S603  our own command
    script = ["sh", str(KUBERNETES / "secrets.sh"), str(tmp_path)]
    path = {"PATH": f"{KUBECTL.parent}:/usr/bin:/bin"}
    done = subprocess.run(script, check=True, capture_output=True, timeout=SECONDS, env=path)  # noqa: S603  as above
    found = {each["metadata"]["name"]: each for each in yaml.safe_load_all(done.stdout)}
    assert found.pop("postgres-superuser")["type"] == "kubernetes.io/basic-auth"
    for name, secret in found.items():
        folder = tmp_path / name.removesuffix("-secrets")
        held = {file: base64.b64decode(said) for file, said in secret["data"].items()}
        assert held == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(found) == 7
