"""quoth doctor says what is wrong with settings, release, engine, clock, disk, proxy and server, and no credentials."""

import json
import os
import resource
import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from quoth.cli import cli
from quoth.config import Settings
from quoth.errors import CheckError
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server import machine
from quoth.server.doctor import CHECKS, Finding, examine, shown

from ..nginx import proxied
from ..serving import free_port, serving
from .doctoring import found, only

OK = {"settings", "release", "engine", "clock", "disk", "resources", "permissions", "proxy", "server"}


def test_nothing_is_wrong_with_a_release_that_is_whole(two: Path) -> None:
    settings = Settings(releases=two, query_workers=1, query_long_workers=1, query_spool_mb=1, port=free_port())
    findings = examine(settings, open_current)
    assert {finding.check for finding in findings} == OK == CHECKS.keys()
    assert not [f for f in findings if f.status == "fault"]
    assert "release 2 of 20" in next(f.detail for f in findings if f.check == "release")
    assert "answers for release 2" in next(f.detail for f in findings if f.check == "engine")


def test_what_two_checks_cannot_read_is_said_once(tmp_path: Path) -> None:
    findings = examine(Settings(releases=tmp_path / "none", port=free_port()), open_current)
    assert [f.check for f in findings if f.status == "fault"] == ["release"]


def test_a_damaged_file_and_another_release_that_is_damaged_are_named(two: Path, tmp_path: Path) -> None:
    shutil.copytree(two, tmp_path / "copy", symlinks=True)
    settings = Settings(releases=tmp_path / "copy")
    (tmp_path / "copy" / "1" / "manifest.json").write_text("{}")
    warnings = [detail for status, detail in found("release", settings) if status == "warning"]
    assert [detail for detail in warnings if detail.startswith("release 1 cannot be opened")]
    (tmp_path / "copy" / "2" / "report.json").write_text("[]")
    fault = next(f for f in examine(replace(settings, port=free_port()), open_current) if f.check == "release")
    assert (fault.status, "2/report.json is not the file that was published" in fault.detail) == ("fault", True)
    assert "restore release 2 from a copy" in (fault.remedy or "")


def test_of_a_credential_only_whether_it_is_set_is_shown() -> None:
    assert (shown("engine_password", "x"), shown("engine_token", ""), shown("port", 80)) == ("(set)", "", "80")


def test_a_release_of_the_future_is_a_fault_of_a_clock(
    two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(releases=two)
    assert [status for status, _ in found("clock", settings)] == ["ok"]
    monkeypatch.setattr(machine, "CLOCK_TOLERANCE", -timedelta(days=36_500))  # as if it were a century behind
    statuses = found("clock", settings)
    assert statuses[0][0] == "fault"
    assert "release 2 was made at 20" in statuses[0][1]


def test_too_little_room_is_a_warning(two: Path) -> None:
    status, detail = only("disk", Settings(releases=two, query_spool_mb=10**9))
    assert (status, "1,000,000,000 MB are needed: query_spool_mb" in detail) == ("warning", True)


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({}, (4 + 6 + 2) * 1024 + 64),
        ({"verify_workers": 5, "query_memory_mb": 300}, 15 * 300 + 64),
        ({"engine": "http://db.invalid/ds"}, 2 * 1024 + 64),
        ({"mcp": "on", "processes": 2, "engine": "http://db.invalid/ds"}, 2 * (2 * 1024 + 64 + machine.MCP_MB)),
    ],
)
def test_memory_is_that_of_queries_texts_cache_and_assistants(given: dict[str, str], needed: int) -> None:
    settings = Settings(**given)  # type: ignore[arg-type]
    needed += machine.SERVER_MB * settings.processes
    assert f"queries and texts may take {needed:,} MB of" in found("resources", settings)[0][1]


def test_too_much_memory_and_too_few_files_are_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("resources", Settings(query_memory_mb=10**8))[0] == "warning"
    for limits, status, files in (
        ((256, 512), "warning", "512"),
        ((256, 20_000), "ok", "20,000"),  # the server raises its own limit
        ((256, resource.RLIM_INFINITY), "ok", "65,536"),
        ((100_000, 200_000), "ok", "100,000"),
    ):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=limits: limits)
        assert found("resources", Settings())[1] == (status, f"{files} files may be open")


def test_a_folder_that_everybody_may_write_to_and_a_log_that_cannot_be_written_are_faults(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    details = [
        d for s, d in found("permissions", Settings(releases=tmp_path, access_log="/no/such/log")) if s == "fault"
    ]
    assert details == [
        f"everybody on this machine may write to {tmp_path}",
        "the access log /no/such/log cannot be written",
    ]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, "ok", "public_url http://localhost:8000/"),
        ({"public_url": "https://claims.invalid/"}, "warning", "none is trusted"),
        ({"public_url": "https://claims.invalid/", "trusted_proxies": "10.0.0.1"}, "ok", "trusted proxies: 10.0.0.1"),
        ({"host": "0.0.0.0"}, "warning", "listens on 0.0.0.0 without a proxy"),
        ({"host": "claims.invalid", "public_url": "http://claims.invalid:8000/"}, "warning", "without a proxy"),
    ],
)
def test_the_address_from_outside_and_the_proxies_go_together(
    given: dict[str, str], status: str, words: str, two: Path
) -> None:
    (said, detail), *_ = found("proxy", Settings(releases=two, **given))  # type: ignore[arg-type]
    assert (said, words in detail) == (status, True), detail


def test_the_public_url_is_tried_through_the_proxy(release: Release, two: Path, tmp_path: Path) -> None:
    with serving(release.path.parent, access_log="off") as server, proxied(tmp_path, server.port) as proxy:
        outside = Settings(
            releases=release.path.parent,
            host="127.0.0.2",
            public_url=f"http://127.0.0.1:{proxy.port}/",
            trusted_proxies="127.0.0.1",
        )
        assert found("proxy", outside)[1] == (
            "ok",
            f"{outside.public_url} leads to a server that serves release {release.number}",
        )
        assert [status for status, detail in found("clock", outside) if "of the public URL differs" in detail] == ["ok"]
        status, detail = only("proxy", replace(outside, releases=two))
        assert (status, detail.endswith(f"release {release.number}; current is release 2")) == ("warning", True)
    status, detail = only("proxy", outside)
    assert (status, "cannot be reached from this machine" in detail) == ("warning", True)


def test_why_the_engine_is_not_served_is_said_beside_what_else_was_found(two: Path, tmp_path: Path) -> None:
    (tmp_path / "login").write_text("me:hush")
    (tmp_path / "login").chmod(0o644)
    port = free_port()
    settings = Settings(
        releases=two, engine=f"http://127.0.0.1:{port}/q", engine_login=tmp_path / "login", port=free_port()
    )
    login, engine = (f for f in examine(settings, open_current) if f.check == "engine")
    assert login.detail == f"everybody on this machine may read {tmp_path / 'login'}"
    assert engine.detail.startswith(f"the engine at http://127.0.0.1:{port}/q is not served: ")
    assert engine.detail.endswith(" cannot be reached: Connection refused")
    assert engine.remedy == "see to it, or correct engine and engine_login"


@pytest.mark.parametrize(("hours", "status"), [(0, "ok"), (1, "warning"), (-1, "warning")])
def test_the_clock_of_an_engine_is_held_against_that_of_this_machine(hours: int, status: str, two: Path) -> None:
    class Engine(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(401)
            self.send_header("Date", format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True))
            self.send_header("Content-Length", "0")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Engine) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = found("clock", Settings(releases=two, engine=f"http://me:hush@127.0.0.1:{server.server_port}/ds"))
        server.shutdown()
    [(is_, detail)] = [finding for finding in said if "engine" in finding[1]]
    assert (is_, ("3,60" in detail or "3,59" in detail)) == (status, hours != 0), detail
    assert ("is ahead" in detail, "is behind" in detail) == (hours > 0, hours < 0)


def test_everybody_as_a_proxy_is_a_fault() -> None:
    assert only("settings", Settings(trusted_proxies="0.0.0.0/0"))[0] == "fault"


def test_the_running_server_is_held_against_the_settings(release: Release) -> None:
    with serving(release.path.parent, access_log="off") as server:
        url = f"http://127.0.0.1:{server.port}/"
        settings = Settings(releases=release.path.parent, port=server.port, public_url=url)
        [(status, detail)] = found("server", settings)
        assert (status, f"its links begin with {url}" in detail) == ("ok", True)
        status, detail = only("server", replace(settings, public_url="https://claims.invalid/"))
        assert status == "warning"
        assert f"believes to be reached at {url.rstrip('/')}" in detail
    assert found("server", settings) == [
        ("ok", f"no server runs at 127.0.0.1 port {server.port}, and one can listen there")
    ]


def test_a_port_that_another_program_has_and_an_address_of_another_machine_are_faults(two: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        status, detail = only("server", Settings(releases=two, port=other.server_port))
        other.shutdown()
    assert (status, detail) == ("fault", f"what listens at 127.0.0.1 port {other.server_port} is no server of Quoth")
    status, detail = only("server", Settings(releases=two, host="192.0.2.1"))
    assert (status, detail.startswith("no server can listen at 192.0.2.1 port 8000: ")) == ("fault", True)


@pytest.mark.parametrize("wrong", [True, False])
def test_the_command_gives_json_and_ends_with_1_where_something_is_wrong(
    wrong: bool, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quoth.toml").write_text('title = "Velm"\ncache_mb = 16\nquery_spool_mb = 1', "utf-8")
    monkeypatch.setenv("QUOTH_RELEASES", str(two / "none" if wrong else two))
    result = CliRunner().invoke(cli, ["doctor", "--format", "json", "--port", str(free_port())], standalone_mode=False)
    report = json.loads(result.stdout)
    assert list(report) == ["version", "ok", "findings", "settings"]
    assert {tuple(finding) for finding in report["findings"]} == {("check", "status", "detail", "remedy")}
    assert report["ok"] is not wrong
    assert isinstance(result.exception, CheckError) == wrong
    assert report["settings"]["cache_mb"] == {"value": "16", "from": "quoth.toml:2"}
    assert report["settings"]["port"]["from"] == "--port"
    assert report["settings"]["releases"]["from"] == "QUOTH_RELEASES"
    assert {finding["status"] for finding in report["findings"]} <= {"ok", "warning", "fault"}


def test_a_setting_that_cannot_be_read_is_a_finding() -> None:
    result = CliRunner().invoke(cli, ["doctor", "--port", "http"], standalone_mode=False)
    assert isinstance(result.exception, CheckError)
    finding = Finding("settings", "fault", "--port: 'http' is not a whole number")
    assert result.stdout.startswith(str(finding))


def test_doctor_leaves_the_folder_as_it_was(two: Path) -> None:
    before = {path: os.stat(path).st_mtime_ns for path in two.rglob("*")}
    examine(Settings(releases=two, query_workers=1, port=free_port()), open_current)
    assert {path: os.stat(path).st_mtime_ns for path in two.rglob("*")} == before
