"""/mcp of a running server: the package's client in both eras, many at once, and what strangers send."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from quoth.config import Settings
from quoth.release.release import Release
from quoth.server.mcp_endpoint import addresses

from .. import loop
from ..serving import BOMB, Reply, Server, serving

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assistants") / "access.log"


@pytest.fixture(scope="module")
def server(release: Release, log: Path) -> Iterator[Server]:
    with serving(
        release.path.parent,
        mcp="on",
        access_log=log,
        query_workers=3,
        query_time_limit_s=2,
        query_size_kb=64,
        trusted_proxies="127.0.0.1",
    ) as server:
        yield server
        assert server.get("/ready").status == 200
        assert server.process.poll() is None


def post(server: Server, message: Any, **fields: str) -> Reply:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return server.request("POST", "/mcp", JSON | {k.replace("_", "-"): v for k, v in fields.items()}, body)


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


def answer(reply: Reply) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(reply.body)["result"]["structuredContent"]
    return told


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
def test_the_package_s_client_asks(server: Server, mode: str) -> None:
    async def talking() -> tuple[int, Any, Any]:
        async with Client(f"http://127.0.0.1:{server.port}/mcp", mode=mode) as client:
            listed = await client.list_tools()
            said = await client.call_tool("who_says", {"statement": "the ferry was late"})
            late = await client.call_tool("sparql", {"query": BOMB})
            return len(listed.tools), said.structured_content["status"], late.structured_content["status"]

    assert loop.run(talking()) == (11, "found", "timed-out")


def test_a_message_stands_alone(server: Server) -> None:
    """No handshake and no session: any process can answer."""
    reply = post(server, call("get_claim", claim="claim/harbour/ferry-late"))
    assert (reply.status, answer(reply)["status"]) == (200, "found")
    assert "mcp-session-id" not in reply.headers
    other = post(server, call("get_claim", claim="claim/harbour/ferry-late"), Mcp_Session_Id="made-up")
    assert answer(other) == answer(reply)


def test_no_origin_may_read_an_answer_and_no_cache_keeps_it(server: Server) -> None:
    replies = [post(server, LIST), post(server, LIST, Origin="http://evil.example"), server.get("/mcp")]
    replies += [server.request(m, "/mcp", {"Origin": "http://evil.example"}) for m in ("OPTIONS", "DELETE", "PUT")]
    assert [reply.status for reply in replies] == [200, 403, 405, 405, 405, 405]
    for reply in replies:
        assert not [name for name in reply.headers if name.startswith("access-control-")]
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Content-Type": "text/plain"}, 400),
        ({"Accept": "text/html"}, 406),
        ({"Mcp-Protocol-Version": "1999-01-01"}, 400),
    ],
)
def test_a_request_from_elsewhere_or_of_another_form_is_refused(
    server: Server, fields: dict[str, str], status: int
) -> None:
    assert server.request("POST", "/mcp", JSON | fields, json.dumps(LIST).encode()).status == status


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_every_name_of_this_machine_is_the_public_url_s(server: Server, name: str) -> None:
    own = f"{name}:{server.port}"
    assert post(server, LIST, Host=own, Origin=f"http://{own}").status == 200


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://velm.example/claims/", "velm.example"),
        ("http://velm.example:8080/", "velm.example:8080"),
        ("http://[::1]:8000/", "[::1]:8000"),
    ],
)
def test_the_addresses_are_those_of_the_public_url(public_url: str, host: str) -> None:
    hosts, origins = addresses(public_url)
    assert host in hosts
    assert f"{public_url.partition(':')[0]}://{host}" in origins


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"", (400,)),
        (b"{", (400,)),
        (b"[" * 60_000, (400,)),
        (b'{"jsonrpc": "2.0", "id": ' + b"9" * 5_000 + b', "method": "tools/list"}', (400, 200)),
        (b"\xff\xfe", (400,)),
        (json.dumps([LIST, LIST]).encode(), (400,)),
        (b"[]", (400,)),
        (b"null", (400,)),
        (json.dumps({"jsonrpc": "1.0", "id": 1, "method": "tools/list"}).encode(), (400,)),
        (json.dumps({"jsonrpc": "2.0", "id": {}, "method": "tools/list"}).encode(), (400, 202)),
        (json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}).encode(), (202, 400)),
        (json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode(), (202,)),
        (
            json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}).encode(),
            (202,),
        ),
        (b" " * 65_537, (413,)),
        (b" " * 2_000_000, (413,)),
    ],
    ids=range(15),
)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
def test_a_malformed_message_is_refused(server: Server, body: bytes, statuses: tuple[int, ...], version: str) -> None:
    reply = post(server, body, Mcp_Protocol_Version=version)
    assert reply.status in statuses
    assert b"Traceback" not in reply.body


@pytest.mark.parametrize(
    "method",
    ["tools/drop", "initialize2", "resources/subscribe", "logging/setLevel", "sampling/createMessage", "x" * 1000, ""],
)
def test_an_unknown_method_is_an_error_of_the_protocol(server: Server, method: str) -> None:
    reply = post(server, {"jsonrpc": "2.0", "id": 1, "method": method, "params": {}})
    error = json.loads(reply.body)["error"]
    assert error["code"] in (-32601, -32602)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"name": 5},
        {"name": "nothing"},
        {"name": "sparql", "arguments": "x"},
        {"name": "sparql", "arguments": [1]},
        [],
    ],
)
def test_a_malformed_call_is_an_error_of_the_protocol(server: Server, params: Any) -> None:
    reply = post(server, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    assert json.loads(reply.body)["error"]["code"] in (-32602, -32600, -32603)


def test_nobody_waits_for_a_stream(server: Server) -> None:
    for body in ({"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": {}}, LIST):
        assert post(server, body, Mcp_Protocol_Version="2026-07-28").headers["content-type"] == "application/json"


def test_twenty_at_once_are_all_answered_and_the_site_meanwhile(server: Server) -> None:
    statements = [f"the ferry was late{' ' * n}" for n in range(20)]
    with ThreadPoolExecutor(20) as threads:
        replies = threads.map(lambda words: post(server, call("who_says", statement=words)), statements)
        page = server.get("/health")
        assert [(reply.status, answer(reply)["status"]) for reply in replies] == [(200, "found")] * 20
    assert page.status == 200


@pytest.mark.serial
def test_slow_queries_leave_room_for_others(server: Server) -> None:
    slow = [threading.Thread(target=post, args=(server, call("sparql", query=f"{BOMB} # {n}"))) for n in range(2)]
    for thread in slow:
        thread.start()
    reply = post(server, call("search_claims", query="ferry"), X_Forwarded_For="192.0.2.7")
    assert answer(reply)["status"] == "found"
    for thread in slow:
        thread.join()


@pytest.mark.slow
def test_who_waits_too_long_is_told_so(server: Server) -> None:
    with ThreadPoolExecutor(8) as threads:
        replies = threads.map(lambda n: post(server, call("sparql", query=f"{BOMB} #{n}")), range(8))
        statuses = [answer(reply)["status"] for reply in replies]
    assert set(statuses) <= {"timed-out", "unavailable"}
    assert "timed-out" in statuses


@pytest.mark.serial
def test_what_is_asked_is_not_logged(server: Server, log: Path) -> None:
    secret = "zanzibar"
    assert answer(post(server, call("verify_text", text=f"He said: “{secret} is far away”.")))["status"] == "found"
    post(server, call("sparql", query=f"SELECT * {{ ?s ?p '{secret}' }}"))
    server.get("/health")
    server.process.poll()
    for _ in range(50):
        if '"path": "/mcp"' in log.read_text("utf-8"):
            break
        threading.Event().wait(0.1)
    assert '"path": "/mcp"' in log.read_text("utf-8")
    assert secret not in log.read_text("utf-8")


def test_a_rate_counts_messages_and_its_refusal_is_no_public_document(release: Release) -> None:
    with serving(release.path.parent, mcp="on", access_log="off", query_rate_limit="2/minute") as server:
        replies = [post(server, LIST) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert int(replies[2].headers["retry-after"]) > 0
    assert "access-control-allow-origin" not in replies[2].headers


def test_it_is_off_unless_it_is_set(release: Release) -> None:
    with serving(release.path.parent, access_log="off") as server:
        for path in ("/mcp", "/mcp/server-card"):
            reply = server.get(path)
            assert (reply.status, "mcp" in json.loads(reply.body)["remedy"]) == (404, True)
        assert post(server, LIST).status == 404
        assert b"/mcp" not in server.get("/llms.txt").body
        assert b"mcp-server-card" not in server.get("/.well-known/ai-catalog.json").body


@pytest.mark.parametrize("mode", ["on", "off"])
def test_quoth_toml_turns_it_on(release: Release, tmp_path: Path, mode: str) -> None:
    (tmp_path / "quoth.toml").write_text(f"mcp = {'true' if mode == 'on' else 'false'}\n", "utf-8")
    assert Settings.from_environment({}, (tmp_path,)).mcp == mode
    assert Settings.from_environment({"QUOTH_MCP": "on"}, (tmp_path,)).mcp == "on"
    assert Settings.from_environment({"QUOTH_MCP": "on"}, (tmp_path,), mcp=False).mcp == "off"
