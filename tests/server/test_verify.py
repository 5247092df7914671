"""Texts held against the record on a running server: what is submitted is nowhere afterwards, and limits hold."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from quoth.release.release import Release

from ..serving import Reply, Server, children, serving, until

SECRET = "Xylophonic zebras"
TEXT = f"He said: “{SECRET} might have been late”. "
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def server(release: Release, log: Path) -> Iterator[Server]:
    with serving(release.path.parent, access_log=log, trusted_proxies="127.0.0.1") as server:
        yield server


def post(server: Server, text: str | bytes, **fields: str) -> Reply:
    body = text.encode() if isinstance(text, str) else text
    headers = {"Content-Type": "text/plain", **{name.replace("_", "-"): value for name, value in fields.items()}}
    return server.request("POST", "/verify", headers, body)


def test_nothing_of_a_text_or_a_quotation_is_in_logs_metrics_or_caches(server: Server, log: Path) -> None:
    """The words are looked for as they are, percent-encoded, and by parts; and in the memory of the process that
    serves, once it has answered other requests."""
    target = f"/verify?quote={quote(SECRET)}%20might&language=en"
    replies = [
        post(server, TEXT),
        post(server, TEXT, Accept="text/html"),
        post(server, TEXT.encode("utf-16"), Content_Type="text/plain"),
        post(server, json.dumps({"text": TEXT, "language": SECRET}), Content_Type="application/json"),
        post(server, f"text={quote(TEXT)}", Content_Type="application/x-www-form-urlencoded"),
        *(server.get(target) for _ in range(3)),
        server.get(target, {"Accept": "text/html"}),
        server.get(f"{target}&quote=again"),
        server.get(f"/verify/?quote={quote(SECRET)}"),
        server.get(f"/verify?quotes={quote(SECRET)}"),
    ]
    assert [reply.status for reply in replies] == [200, 200, 400, 400, 200, 200, 200, 200, 200, 400, 308, 400]
    hits = [reply for reply in replies if reply.headers.get("cache-control") != "no-store"]
    assert [reply.status for reply in hits] == [308]
    for _ in range(40):
        server.get("/context.jsonld")
    until(lambda: log.read_text().count("/verify") >= len(replies))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line.get("cache") for line in lines if line.get("path") == "/verify" and line["method"] == "GET"} <= {
        "miss",
        None,
    }
    written = log.read_text() + server.get("/metrics").body.decode()
    assert 'quoth_requests_total{route="verify",status="200"}' in written
    for part in (SECRET, SECRET.partition(" ")[0], quote(SECRET), SECRET.lower()):
        assert part not in written


def test_a_page_sends_no_referer_and_is_found_by_no_robot(server: Server) -> None:
    for reply in (
        server.get(f"/verify?quote={quote(SECRET)}", {"Accept": "text/html"}),
        server.get("/verify?quote=", {"Accept": "text/html"}),
        post(server, TEXT, Accept="text/html"),
    ):
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-robots-tag"] == "noindex, nofollow"
        assert b'<meta property="og:url" content="http://127.0.0.1' in reply.body
        assert quote(SECRET).encode() not in reply.body


@pytest.mark.slow
def test_a_text_that_needs_more_memory_than_a_query_may_is_refused(release: Release) -> None:
    with serving(release.path.parent, query_memory_mb=300) as server:
        assert post(server, TEXT).status == 200
        assert post(server, '"the ferry, ' * 16_000).status in (200, 400, 503, 504)
        assert post(server, TEXT).status == 200


def test_a_release_that_cannot_be_opened_is_503(release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    shutil.copytree(release.path.parent, folder, symlinks=True)
    with serving(folder) as server:
        lists = folder / "1" / "lists.sqlite"
        lists.chmod(0o600)
        lists.write_bytes(b"damaged" + lists.read_bytes()[7:])
        reply = post(server, TEXT)
        assert reply.status == 503
        assert "verify-release" in json.loads(reply.body)["remedy"]
        assert SECRET.encode() not in reply.body


HOSTILE = {
    "quotation marks": '"' * 200_000,
    "curly marks": "“" * 80_000,
    "both marks": "“”" * 40_000,
    "opened and closed": "“a” " * 28_000,
    "apostrophes": "'a " * 66_000,
    "brackets": "[" * 200_000 + "x",
    "links": "[a](" * 50_000,
    "fences": "```\n" * 50_000 + "x",
    "elements": "<q>" * 66_000 + "x",
    "half elements": "<blockquote " * 16_000 + "x",
    "entities": "&amp" * 50_000 + ";",
    "bidi": "\u202e“a b c d” " * 8_000,
    "nul": "\x00“the ferry\x00 was late”" * 5_000,
    "one long word": "“" + "a" * 199_000 + "”",
    "spaces": "said Tay “x" + " " * 190_000 + "”",
    "line ends": "> \n" * 66_000 + "x",
    "names": "Tay, " * 40_000 + "said",
    "said": "he said that " * 15_000,
    "omissions": "“the … ferry" * 8_000,
    "colons": "A: " * 66_000,
    "combining": "“e" + "\u0301" * 90_000 + "”",
}


@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_end_in_time_while_others_are_answered(server: Server, text: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        hostile = pool.submit(post, server, text, Accept="text/html")
        while not hostile.done():
            asked = time.monotonic()
            assert server.get("/health").status == 200
            assert time.monotonic() - asked < 5
            time.sleep(0.1)
        assert hostile.result().status in (200, 400, 413, 503, 504)
        assert time.monotonic() - began < 20


@pytest.mark.slow
@pytest.mark.serial
def test_twenty_texts_at_once_are_answered_or_refused_and_nothing_is_left(server: Server) -> None:
    page = TEXT * 100
    with ThreadPoolExecutor(20) as pool:
        replies = [*pool.map(lambda n: post(server, page, X_Forwarded_For=f"192.0.2.{n % 5}"), range(20))]
        statuses = {reply.status for reply in replies}
    assert 200 in statuses
    assert statuses <= {200, 503, 504}
    for reply in replies:
        if reply.status == 503:
            assert int(reply.headers["retry-after"]) > 0
    assert len(judges(server)) <= 2
    assert post(server, TEXT).status == 200


def judges(server: Server) -> list[int]:
    """The processes that hold texts against the record."""
    pids = []
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parents = int((status.parent / "stat").read_text().rpartition(")")[2].split()[1])
            if b"quoth.verify.worker" in status.read_bytes() and parents in children(server.process.pid):
                pids.append(int(status.parent.name))
        except OSError:
            continue
    return pids


def test_one_client_does_not_keep_others_out_and_too_many_wait_their_turn(release: Release) -> None:
    with serving(release.path.parent, trusted_proxies="127.0.0.1", query_rate_limit="3/minute") as server:
        statuses = [post(server, TEXT, X_Forwarded_For="192.0.2.9").status for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        assert server.get("/verify", {"X-Forwarded-For": "192.0.2.9"}).status in (200, 400)
        quoted = server.get("/verify?quote=a", {"X-Forwarded-For": "192.0.2.9"})
        assert (quoted.status, quoted.headers["referrer-policy"]) == (429, "no-referrer")
        assert post(server, TEXT, X_Forwarded_For="192.0.2.8").status == 200


@pytest.mark.slow
def test_a_text_that_takes_too_long_is_504_and_the_next_one_is_answered(release: Release) -> None:
    with serving(release.path.parent, query_time_limit_s=1) as server:
        until(lambda: post(server, TEXT).status == 200)  # a process takes a while to start
        long = post(server, "said Tay “the ferry was late”. " * 2_400)
        assert long.status == 504
        problem = json.loads(long.body)
        assert problem["limit"] == {"name": "query_time_limit_s", "value": 1}
        until(lambda: post(server, TEXT).status == 200)  # a process takes a while to start


@pytest.mark.slow
def test_processes_end_with_the_server_however_it_ends(release: Release) -> None:
    with serving(release.path.parent) as server:
        assert post(server, TEXT).status == 200
        started = judges(server)
        assert len(started) == 1
        for child in children(server.process.pid):
            os.kill(child, 9)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
