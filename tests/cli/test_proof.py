"""``quoth proof``: every format of a proof without a server, its errors, and the examples of the guide."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from quoth.cli import cli
from quoth.errors import NotFoundError, UsageError
from quoth.release.release import Release
from quoth.web.guide import chapters

GUIDE = (Path(chapters.__file__).parent / "proof.md").read_text("utf-8")
EXAMPLES = [line for token in chapters.examples(GUIDE) for line in token.content.splitlines()]


def run(release: Release, *arguments: str) -> Result:
    options = ["--releases", str(release.path.parent)]
    return CliRunner().invoke(cli, ["proof", *arguments, *options], standalone_mode=False)


@pytest.mark.parametrize(("format", "suffix"), [("markdown", "md"), ("jsonld", "jsonld")])
def test_the_command_writes_what_the_server_answers(
    release: Release, client: FlaskClient, format: str, suffix: str
) -> None:
    written = run(release, "topic/velm-pilot-payment", "--format", format)
    assert written.exception is None
    assert written.stdout == client.get(f"/proof.{suffix}?of=topic/velm-pilot-payment").text


def test_the_page_stands_alone(release: Release) -> None:
    page = run(release, "Velm Salt", "--format", "html").stdout
    assert '<a href="http://localhost:8000/doc/claim/harbour/company-paid-nobody"' in page
    assert not re.search(r'(?:href|src|action)="/', page)
    assert "<link rel=" not in page
    assert "<script" not in page
    assert ".proof ol.entries" in page


def test_an_error_has_what_may_have_been_meant(release: Release) -> None:
    near = run(release, "Port Vellm").exception
    assert isinstance(near, NotFoundError)
    assert "did you mean id/place/port-velm: Port Velm" in str(near)
    for arguments in (["claims-in-tension", "--value", "x"], ["claims-in-tension", "--value", "x=1"]):
        assert isinstance(run(release, *arguments).exception, UsageError)
    assert isinstance(run(release, "Velm Salt", "--page", "0").exception, click.UsageError)


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line.startswith("quoth ")])
def test_the_commands_of_the_guide_write_a_proof(release: Release, line: str) -> None:
    _, _, *arguments = shlex.split(line.partition(" > ")[0])
    written = run(release, *arguments)
    assert written.exception is None
    assert "Who says so" in written.stdout


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line.startswith("curl ")])
def test_the_addresses_of_the_guide_answer(client: FlaskClient, line: str) -> None:
    _, address, *rest = shlex.split(line)
    headers = {name: value for name, _, value in (field.partition(": ") for field in rest[1::2])}
    reply = client.get(address.removeprefix("http://localhost:8000"), headers=headers)
    assert reply.status_code == 200
    if reply.content_type.startswith("application/ld+json"):
        assert json.loads(reply.text)["comment"]
    else:
        assert reply.text.startswith("# ")
