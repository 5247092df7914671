"""The examples for those who run a server: they are well-formed, say what the settings say, and are what they promise.

The unit is verified by systemd where that is installed, the others by linters and schemas from a registry.
"""

import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from contextlib import suppress
from dataclasses import replace
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
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.doctor import CHECKS
from quoth.server.machine import memory_mb

from . import nginx, oxigraph
from .clients import need
from .linters import lint
from .serving import Server, serving, until

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "server" / "deploy"
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
    """The bytes that the server may take, also with the embedded engine."""
    return memory_mb(replace(settings, engine="")) * 2**20


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


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    need("systemd-analyze")
    text = (DEPLOY / "quoth.service").read_text("utf-8")
    copy = tmp_path / "quoth.service"
    copy.write_text(text.replace("/opt/quoth/bin/quoth", sys.executable), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    rated = ["systemd-analyze", "security", "--offline=true", "--threshold=34", str(copy)]  # of 100: all exposed
    assert subprocess.run(rated, capture_output=True, check=False).returncode == 0
    wrong = tmp_path / "wrong.service"
    wrong.write_text(copy.read_text("utf-8").replace("KillMode=mixed", "KillMode=gently"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", wrong], capture_output=True, text=True, check=False)
    assert "kill mode" in done.stderr, "systemd looks at what it is given"


# --- nginx


def test_nginx_before_many_servers_does_what_it_does_before_one() -> None:
    one, many = (
        [line.partition("#")[0].strip() for line in text.splitlines()] for text in (nginx.CONFIGURATION, nginx.MANY)
    )
    assert {line for line in one if line and not line.startswith("server 127")} <= {*many}
    assert sum(line.endswith(":8000 max_fails=0;") for line in many) == 3


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
            source = re.sub(r"\A\$\{RELEASES:-(.*?)\}", r"\1", volume).split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).resolve() == ROOT / Settings().releases, source
        assert re.search(r":\d", service["image"]) or service["image"] == services["quoth"]["image"], "a version"
    build = services["quoth"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Dockerfile")


@pytest.mark.slow
def test_the_compose_file_keeps_to_the_schema_of_the_specification(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = lint("check-jsonschema", *schema, DEPLOY / "compose.yaml")
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DEPLOY / "compose.yaml").read_text("utf-8").replace("mem_limit", "memory_limit"), "utf-8")
    assert "'memory_limit' was unexpected" in lint("check-jsonschema", *schema, wrong).stdout


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
        (status, detail, _), *_ = CHECKS["engine"](Settings(releases=folder, engine=engine), open_current)
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


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_the_manifests_keep_to_the_schemas_of_kubernetes(version: str, tmp_path: Path) -> None:
    done = lint("kubernetes-validate", "--strict", "-k", version, DEPLOY / "kubernetes.yaml")
    assert (done.returncode, (done.stdout + done.stderr).count(" passed for resource ")) == (0, 5), done.stderr
    wrong = tmp_path / "kubernetes.yaml"
    wrong.write_text((DEPLOY / "kubernetes.yaml").read_text("utf-8").replace("periodSeconds", "period"), "utf-8")
    done = lint("kubernetes-validate", "--strict", "-k", version, wrong)
    assert done.returncode != 0
    assert "period" in done.stdout + done.stderr


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


@pytest.mark.slow
def test_a_server_without_its_engine_gets_no_requests_and_is_not_restarted_and_one_that_ends_gets_none(
    manifests: dict[str, dict[str, Any]], release: Release, tmp_path: Path
) -> None:
    [container] = manifests["Deployment"]["spec"]["template"]["spec"]["containers"]
    paths = [container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")]
    with (
        oxigraph.serving("serve-read-only", release.store_path) as address,
        serving(release.path.parent, engine=f"{address}/query", drain_limit_s=60) as server,
    ):
        assert [server.get(path).status for path in paths] == [200, 200, 200]
    with serving(release.path.parent, engine=f"{address}/query", drain_limit_s=60) as server:
        assert [server.get(path).status for path in paths] == [200, 503, 200]
        with socket.create_connection((server.host, server.port), 60) as busy:
            busy.sendall(f"GET {paths[0]} HTTP/1.1\r\nHost: x\r\n".encode())  # a request that is under way
            server.process.terminate()
            until(lambda: not listens(server))
            assert server.process.poll() is None, "it waits for the request"
            busy.sendall(b"Connection: close\r\n\r\n")
            assert busy.recv(100).startswith(b"HTTP/1.1 200 ")
        assert server.process.wait(60) == 0


def listens(server: Server) -> bool:
    """Whether a probe, which has a connection of its own, gets through."""
    with suppress(OSError):
        return server.get("/health").status == 200
    return False


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
