"""The access log of a server: who asked for what, without the query."""

import json
import re
from pathlib import Path

from quoth.release.release import Release
from quoth.web.guide import chapters

from ..serving import Server, serving, until
from .samples import ASK


def test_a_line_has_client_path_and_status_but_not_the_query(server: Server, log: Path) -> None:
    for _ in range(2):
        server.fetch("/sparql?query=ASK%7B%3Fsecret%20%3Fb%20%3Fc%7D")
    server.fetch("/sparql", "POST", b"ASK{?secret ?b ?c}", Content_Type="application/sparql-query")
    server.fetch("/doc/org/nobody")
    until(lambda: log.read_text().endswith("}\n") and "nobody" in log.read_text().splitlines()[-1])
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert "secret" not in log.read_text()
    *queries, page = lines[-4:]
    assert {(q["path"], q["status"], q["client"]) for q in queries} == {("/sparql", 200, "127.0.0.1")}
    assert [q["cache"] for q in queries] == ["miss", "hit", "miss"]
    assert queries[0]["query"] == queries[1]["query"]
    assert len(queries[0]["query"]) == 12
    assert queries[0]["ms"] > 0
    assert queries[0]["bytes"] == queries[1]["bytes"] > 20
    assert (page["status"], page["path"]) == (404, "/doc/org/nobody")
    assert "query" not in page


def test_the_fields_of_the_lines_are_those_of_the_guide(server: Server, log: Path) -> None:
    section = (Path(chapters.__file__).parent / "operating.md").read_text("utf-8").partition("## Access log")[2]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", section.partition("\n## ")[0], re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    for _ in range(2):
        server.fetch(f"{ASK}%23fields")
    server.fetch("/doc/org/nobody")
    connection = server.send("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    connection.recv(1000)
    connection.close()  # whose result breaks off
    until(lambda: '"cut": true' in log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert set().union(*lines) | {"dropped"} == documented
    assert {*lines[-1]} >= {"time", "method", "path", "status", "ms", "bytes", "client"}


def test_the_client_behind_a_trusted_proxy_is_logged(server: Server, log: Path) -> None:
    before = len(log.read_text().splitlines())
    for forwarded in ("192.0.2.7", "192.0.2.7", "2001:db8:1:2::3, 10.0.0.1", 'x", "y": "'):
        server.fetch(f"{ASK}%23proxied", X_Forwarded_For=forwarded)
    until(lambda: len(log.read_text().splitlines()) >= before + 4)
    lines = [json.loads(line) for line in log.read_text().splitlines()[-4:]]
    assert [line["client"] for line in lines] == ["192.0.2.7", "192.0.2.7", "2001:db8:1:2::/64", "127.0.0.1"]
    assert [line["cache"] for line in lines] == ["miss", "hit", "hit", "hit"]


def test_ipv6_clients_are_logged_by_network(release: Release, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(release.path.parent, access_log=str(log), host="::1") as server:
        assert server.fetch(ASK).status == 200
        until(lambda: len(log.read_text().splitlines()) >= 2)
    assert {json.loads(line)["client"] for line in log.read_text().splitlines()} == {"::/64"}
