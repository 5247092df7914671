"""The image of Docker: its file is linted, held to rules, and its commands are run in a folder in place of an image.

The base images are in no registry of packages, so that nothing here builds a whole image.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quoth.config import Settings
from quoth.release.release import Release

from .linters import lint
from .serving import free_port, until

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "server" / "deploy"


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
    assert Settings.unknown({name: value for name, value in environment.items() if name.startswith("QUOTH_")}) == {}
    settings = Settings.from_environment(environment)
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)
    [check] = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    program = json.loads(check[check.index("CMD ") + 4 :])
    compile(program[-1], "HEALTHCHECK", "exec")
    [path] = re.findall(rf"http://127.0.0.1:{settings.port}(/\w+)", program[-1])
    assert client.get(path).status_code == 200


@pytest.mark.slow
def test_hadolint_finds_nothing_in_the_dockerfile(tmp_path: Path) -> None:
    done = lint("hadolint", DEPLOY / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")
    wrong = tmp_path / "Dockerfile"
    wrong.write_text((DEPLOY / "Dockerfile").read_text("utf-8").replace("USER 10001", "USER root"), "utf-8")
    assert "DL3002" in lint("hadolint", wrong).stdout


def left_out(folder: str, names: list[str]) -> set[str]:
    """What Docker does not send, of the names in a folder of the checkout."""
    patterns = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    paths = {name: os.path.relpath(Path(folder, name), ROOT) for name in names}
    return {
        name
        for name, path in paths.items()
        if any(fnmatch(path, p.removeprefix("**/")) or (p[:3] == "**/" and fnmatch(name, p[3:])) for p in patterns)
    }


def test_nothing_is_sent_that_is_not_part_of_the_source() -> None:
    names = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split() if "*.egg" not in line]
    names.remove("server/quoth/web/static/editor")  # which is part of what is installed
    assert left_out(str(ROOT), [*names, ".git"]) == {*names, ".git"}
    assert left_out(str(ROOT), ["server", "LICENSE", "pyproject.toml", "README.md"]) == set()


@pytest.mark.slow
def test_the_commands_of_the_image_install_start_ask_and_end_a_server(release: Release, tmp_path: Path) -> None:
    written = instructions()
    source, opt = tmp_path / "source", tmp_path / "opt"
    shutil.copytree(ROOT, source, ignore=left_out, symlinks=True)
    places = {"/opt/quoth": str(opt), "/node": str(tmp_path / "node"), "python -m venv": f"{sys.executable} -m venv"}
    for command in (rest for name, rest in written if name == "RUN" and "pip" in rest):
        here = re.sub("|".join(map(re.escape, places)), lambda found: places[found[0]], command)
        subprocess.run(["sh", "-ec", here], cwd=source, check=True, capture_output=True, timeout=900)
    shutil.rmtree(source)
    subprocess.run([opt / "bin" / "python", "-c", "import pyarrow, xlsxwriter"], check=True, timeout=60)

    [given] = [shlex.split(rest) for name, rest in written if name == "ENV"]
    port = free_port()
    environment = dict(part.split("=", 1) for part in given) | {"QUOTH_PORT": str(port)}
    environment |= {"QUOTH_RELEASES": str(release.path.parent), "QUOTH_MCP": "on"}  # what needs an extra is in it
    environment["PATH"] = environment["PATH"].replace("/opt/quoth", str(opt)).replace("$PATH", os.environ["PATH"])
    parts = {name: rest for name, rest in written if name in ("ENTRYPOINT", "CMD", "HEALTHCHECK", "STOPSIGNAL")}
    check = json.loads(parts["HEALTHCHECK"].partition("CMD ")[2].replace(":8000/", f":{port}/"))

    def is_alive() -> bool:
        return subprocess.run(check, env=environment, capture_output=True, timeout=60, check=False).returncode == 0

    program = [*json.loads(parts["ENTRYPOINT"]), *json.loads(parts["CMD"])]
    with subprocess.Popen(program, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            until(is_alive, 120)
            assert shutil.which(program[0], path=environment["PATH"]) == str(opt / "bin" / "quoth")
            server.send_signal(getattr(signal, parts["STOPSIGNAL"]))
            assert server.wait(60) == 0
        finally:
            server.kill()
    assert not is_alive()
