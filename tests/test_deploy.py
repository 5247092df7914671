"""The examples for those who run a server: they are well-formed, say what the settings say, and are what they promise.

The unit is verified by systemd where that is installed. Images are not built: their files are held to rules.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from ruamel.yaml import YAML

from quoth.cli import cli
from quoth.config import Settings
from quoth.engine.remote.dialect import locate
from quoth.ops import metrics
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.doctor import CHECKS

from . import oxigraph

DEPLOY = Path(__file__).parent.parent / "server" / "deploy"
SIZES = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "g": 2**30, "m": 2**20}


def in_bytes(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(\w+)", size).groups()  # type: ignore[union-attr]
    return int(number) * SIZES[unit]


def seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that these variables give. Each has to be a setting."""
    ours = {name: value for name, value in environment.items() if name.startswith("QUOTH_")}
    assert Settings.unknown(ours) == {}
    return Settings.from_environment(ours)


def memory(settings: Settings) -> int:
    """The bytes that queries and the cache may take."""
    processes = settings.query_workers + settings.query_long_workers
    return (processes * settings.query_memory_mb + settings.cache_mb) * 2**20


# --- systemd


@pytest.fixture
def unit() -> ConfigParser:
    parser = ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "quoth.service", "utf-8")
    return parser


def test_the_unit_starts_reloads_and_ends_the_server_as_it_wants(unit: ConfigParser) -> None:
    service = unit["Service"]
    assert shlex.split(service["ExecStart"])[1:] == ["serve"]
    assert service["ExecReload"].endswith("-HUP $MAINPID")
    assert service["KillMode"] == "mixed", "the supervising process ends the others"
    assert int(service["TimeoutStopSec"]) > Settings().drain_limit_s
    assert service["RestartPreventExitStatus"] == "2"
    settings_of(dict([service["Environment"].split("=", 1)]))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "quoth.service").read_text("utf-8")
    copy = tmp_path / "quoth.service"
    copy.write_text(text.replace("/opt/quoth/bin/quoth", sys.executable), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    rated = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--threshold=40",
        str(copy),
    ]  # 0: nothing exposed, 100: all
    assert subprocess.run(rated, capture_output=True, check=False).returncode == 0
    wrong = tmp_path / "wrong.service"
    wrong.write_text(copy.read_text("utf-8").replace("KillMode=mixed", "KillMode=gently"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", wrong], capture_output=True, text=True, check=False)
    assert "kill mode" in done.stderr, "systemd looks at what it is given"


# --- Docker


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


def test_the_dockerfile_keeps_to_the_rules() -> None:
    written = instructions()
    assert {name for name, _ in written} == KNOWN
    images = [rest.split() for name, rest in written if name == "FROM"]
    assert all(re.fullmatch(r"[\w./-]+:[\w.-]+", image[0]) and not image[0].endswith(":latest") for image in images)
    stages = {image[2] for image in images if len(image) == 3}
    copied = re.findall(r"--from=(\S+)", " ".join(rest for name, rest in written if name == "COPY"))
    assert set(copied) == stages, "each stage is copied from"
    last = written[max(i for i, (name, _) in enumerate(written) if name == "FROM") :]
    user = [rest for name, rest in last if name == "USER"]
    assert user == ["10001"], "Kubernetes sees that a number is not root"
    assert not [rest for name, rest in last if name == "COPY" and "--from" not in rest], "no source in the image"
    assert all("--no-cache-dir" in rest for name, rest in written if name == "RUN" and "pip install" in rest)
    for name in ("ENTRYPOINT", "CMD"):
        [form] = [rest for each, rest in last if each == name]
        assert isinstance(json.loads(form), list), "signals reach a program, and not a shell"


def test_the_image_serves_on_every_address_and_asks_itself_whether_it_is_alive(client: FlaskClient) -> None:
    [environment] = [
        dict(part.split("=", 1) for part in rest.split()) for name, rest in instructions() if name == "ENV"
    ]
    settings = settings_of(environment)
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)
    [check] = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    program = json.loads(check[check.index("CMD ") + 4 :])
    compile(program[-1], "HEALTHCHECK", "exec")
    [path] = re.findall(rf"http://127.0.0.1:{settings.port}(/\w+)", program[-1])
    assert client.get(path).status_code == 200


# --- compose


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return loaded


def test_services_and_volumes_of_the_compose_file_exist(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services.keys() == {"quoth", "engine", "engine-2", "load"}
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= services.keys()
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            known = source in compose["volumes"] or source == "../releases" or (DEPLOY / source).is_file()
            assert known, source
        assert re.search(r":\d", service["image"]) or service["image"] == services["quoth"]["image"], "a version"
    build = services["quoth"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Dockerfile")


def test_only_quoth_is_reached_from_outside_and_only_through_the_loopback_interface(compose: dict[str, Any]) -> None:
    assert [(name, s["ports"]) for name, s in compose["services"].items() if "ports" in s] == [
        ("quoth", ["127.0.0.1:8000:8000"])
    ]


def test_what_compose_gives_quoth_fits_together(compose: dict[str, Any]) -> None:
    quoth = compose["services"]["quoth"]
    settings = settings_of(quoth["environment"])
    assert settings.engine == compose["services"]["load"]["environment"]["QUOTH_ENGINE"]
    assert [urlsplit(url).netloc for url in locate(settings.engine).urls] == ["engine:7878", "engine-2:7878"]
    assert all("0.0.0.0:7878" in compose["services"][name]["command"] for name in ("engine", "engine-2"))
    assert seconds(quoth["stop_grace_period"]) > settings.drain_limit_s
    assert memory(settings) + settings.query_spool_mb * 2**20 < in_bytes(quoth["mem_limit"])


def test_the_engine_beside_is_loaded_by_the_command_of_the_compose_file(
    compose: dict[str, Any], release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(release.path.parent, tmp_path / "releases", symlinks=True)
    with oxigraph.serving("serve", tmp_path / "a") as one, oxigraph.serving("serve", tmp_path / "b") as other:
        engine = f"oxigraph+{one} oxigraph+{other}"
        monkeypatch.setenv("QUOTH_ENGINE", engine)
        monkeypatch.setenv("QUOTH_RELEASES", str(folder))
        for _ in range(2):
            loaded = CliRunner().invoke(cli, compose["services"]["load"]["command"])
            assert loaded.output == f"the engine holds release {release.number}: {release.manifest.quads} quads\n"
        [(status, detail, _)] = CHECKS["engine"](Settings(releases=folder, engine=engine), open_current)
    assert (status, f"answers for release {release.number}" in detail) == ("ok", True)


# --- Kubernetes


@pytest.fixture
def manifests() -> dict[str, dict[str, Any]]:
    """The objects, by kind."""
    objects = list(YAML(typ="safe").load_all(DEPLOY / "kubernetes.yaml"))
    assert all({"apiVersion", "kind", "metadata"} <= each.keys() for each in objects)
    return {each["kind"]: each for each in objects}


def test_the_objects_are_of_stable_versions_and_select_what_is_there(manifests: dict[str, dict[str, Any]]) -> None:
    versions = {kind: each["apiVersion"] for kind, each in manifests.items()}
    assert versions == {
        "ConfigMap": "v1",
        "PersistentVolumeClaim": "v1",
        "Deployment": "apps/v1",
        "Service": "v1",
        "PodDisruptionBudget": "policy/v1",
    }
    deployment = manifests["Deployment"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"].items() <= labels.items()
    assert manifests["Service"]["spec"]["selector"].items() <= labels.items()
    assert manifests["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    pod = deployment["template"]["spec"]
    [container] = pod["containers"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    claims = [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if "persistentVolumeClaim" in v]
    assert claims == [manifests["PersistentVolumeClaim"]["metadata"]["name"]]
    [source] = container["envFrom"]
    assert source["configMapRef"]["name"] == manifests["ConfigMap"]["metadata"]["name"]


def test_probes_ask_what_the_server_has(manifests: dict[str, dict[str, Any]], client: FlaskClient) -> None:
    [container] = manifests["Deployment"]["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
    assert {kind: get["path"] for kind, get in asked.items()} == {
        "startup": "/health",
        "readiness": "/ready",
        "liveness": "/health",
    }
    for get in asked.values():
        assert ports[get["port"]] == Settings().port
        assert client.get(get["path"]).status_code == 200


def test_a_pod_has_time_memory_and_disk_for_what_its_settings_promise(manifests: dict[str, dict[str, Any]]) -> None:
    settings = settings_of(manifests["ConfigMap"]["data"])
    pod = manifests["Deployment"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    wait = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > wait + settings.drain_limit_s
    assert memory(settings) < in_bytes(container["resources"]["limits"]["memory"])
    [disk] = [volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"] if "emptyDir" in volume]
    assert in_bytes(disk) > settings.query_spool_mb * 2**20
    assert pod["enableServiceLinks"] is False, "they would set QUOTH_PORT to an address"
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


# --- Grafana

BOARD = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))


def samples() -> dict[str, set[str]]:
    """The names of the samples that /metrics has, with their labels."""
    families = list(metrics.REGISTRY.collect())
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    names = {}
    for family in families:
        collector = metrics.REGISTRY._names_to_collectors[family.name]
        labels = {*collector._labelnames}  # type: ignore[attr-defined]
        for suffix in suffixes[family.type]:
            names[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return names


def expressions() -> Iterator[str]:
    yield from (target["expr"] for panel in BOARD["panels"] for target in panel["targets"])


def test_every_query_of_the_dashboard_is_of_metrics_and_labels_that_there_are() -> None:
    known, asked = samples(), set()
    of_prometheus = {"job", "instance"}
    for expression in expressions():
        names = set(re.findall(r"\bquoth_\w+", expression))
        assert names
        assert names <= known.keys(), expression
        asked |= names
        labels = set().union(*(known[name] for name in names)) | of_prometheus
        grouped = re.findall(r"by \(([^)]*)\)", expression)
        matched = re.findall(r"[{,](\w+)=", expression)
        assert {name.strip() for group in grouped for name in group.split(",")} | {*matched} <= labels, expression
        for left, right in ("()", "{}", "[]"):
            assert expression.count(left) == expression.count(right), expression
    assert asked == known.keys(), "each metric is on the dashboard"
    for variable in BOARD["templating"]["list"]:
        assert set(re.findall(r"\bquoth_\w+", variable["query"])) <= known.keys()


def test_panels_have_places_of_their_own_legends_and_units() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in BOARD["panels"]]
    assert len({*places}) == len({panel["id"] for panel in BOARD["panels"]}) == len(places)
    for panel in BOARD["panels"]:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                assert label in target["expr"], target
