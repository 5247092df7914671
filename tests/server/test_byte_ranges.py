"""Parts of responses that are made whole (RFC 9110 §14): tables, results, documents."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from quoth.http.message import Request, Response
from quoth.server.byte_ranges import ByteRanges

from .. import loop
from ..serving import Server

RESULT = "/sparql?format=csv&query=" + quote("SELECT ?s { ?s a <https://w3id.org/quoth/ns#Claim> } ORDER BY ?s")


@pytest.mark.parametrize("target", ["/claims.csv", RESULT, "/doc/claim/harbour/no-ties.ttl", "/claims.nq"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_part_is_cut_from_the_whole(server: Server, target: str, coding: str) -> None:
    accept = {"Accept-Encoding": coding}
    # Before the whole is in the cache, and from there.
    first = server.get(target, {**accept, "Range": "bytes=0-4"})
    whole, head = server.get(target, accept), server.fetch(target, "HEAD", Accept_Encoding=coding)
    assert (first.status, first.body) == (206, whole.body[:5])
    assert whole.headers["accept-ranges"] == head.headers["accept-ranges"] == "bytes"
    size = len(whole.body)
    assert head.headers["content-length"] == str(size)
    for asked, part in (("bytes=3-9", slice(3, 10)), ("bytes=-7", slice(size - 7, size)), ("bytes=9-", slice(9, size))):
        reply = server.get(target, {**accept, "Range": asked})
        assert (reply.status, reply.body) == (206, whole.body[part])
        assert reply.headers["content-range"] == f"bytes {part.start}-{part.stop - 1}/{size}"
        assert reply.headers["etag"] == whole.headers["etag"]
    assert server.get(target, {**accept, "Range": "bytes=0-1,4-5"})[::2] == (200, whole.body)
    past = server.get(target, {**accept, "Range": f"bytes={size}-"})
    assert (past.status, past.headers["content-range"]) == (416, f"bytes */{size}")
    assert past.media_type == "application/problem+json"
    for tag, status in ((whole.headers["etag"], 206), ('"another"', 200)):
        assert server.get(target, {**accept, "Range": "bytes=0-1", "If-Range": tag}).status == status
    conditional = {**accept, "Range": "bytes=0-1", "If-None-Match": whole.headers["etag"]}
    assert server.get(target, conditional).status == 304


def test_what_differs_each_time_has_no_parts(server: Server) -> None:
    reply = server.get("/sparql?format=csv&query=" + quote("SELECT (RAND() AS ?x) {}"), {"Range": "bytes=0-1"})
    assert (reply.status, reply.headers["accept-ranges"]) == (200, "none")


class Chunks:
    def __init__(self, *chunks: bytes) -> None:
        self.left = list(chunks)
        self.closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize("asked", [(0, 0), (0, 8), (2, 3), (3, 5), (4, 8), (8, 8)])
def test_a_part_of_a_stream(asked: tuple[int, int]) -> None:
    stream = Chunks(b"abc", b"", b"def", b"ghi")
    fields = [(b"content-length", b"9"), (b"accept-ranges", b"bytes"), (b"etag", b'"a"')]

    async def whole(request: Request) -> Response:
        return Response(200, fields, stream)

    async def read() -> bytes:
        request = Request("GET", "/", b"/", b"", {b"range": b"bytes=%d-%d" % asked})
        response = await ByteRanges(whole)(request)
        assert response.status == 206
        assert not isinstance(response.body, bytes)
        body = b"".join([chunk async for chunk in response.body])
        await response.body.aclose()
        return body

    assert loop.run(read()) == b"abcdefghi"[asked[0] : asked[1] + 1]
    assert stream.closed
