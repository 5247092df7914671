"""Codings of responses over real connections, with their validators."""

import gzip

import brotli
import pytest

from quoth.http.content_encoding import zstd

from ..serving import Server
from .samples import ASK, LONG, PAGE, SELECT


def test_each_coding_has_an_etag_of_its_own(server: Server) -> None:
    plain = server.fetch(PAGE, Accept_Encoding="identity")
    readers = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
    tags = {plain.headers["etag"]}
    for coding, read in readers.items():
        response = server.fetch(PAGE, Accept_Encoding=coding)
        assert response.headers["content-encoding"] == coding
        assert read(response.body) == plain.body
        assert int(response.headers["content-length"]) == len(response.body)
        tags.add(response.headers["etag"])
    assert len(tags) == 4
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("target", [SELECT, PAGE])
def test_an_etag_matches_its_own_coding_only(server: Server, target: str) -> None:
    tags = {c: server.fetch(target, Accept_Encoding=c).headers["etag"] for c in ("identity", "gzip", "br")}
    for coding in tags:
        for other, tag in tags.items():
            response = server.fetch(target, Accept_Encoding=coding, If_None_Match=f'"nothing", {tag}')
            assert response.status == (304 if coding == other else 200)
            assert response.headers["etag"] == tags[coding]
            if response.status == 304:
                assert not response.body
                assert {"vary", "cache-control", "access-control-allow-origin"} <= response.headers.keys()
                assert not {"content-type", "content-length", "content-encoding"} & response.headers.keys()
    # Not from the cache either.
    fresh = target + ("&x=1" if "?" in target else "?x=1")
    assert server.fetch(fresh, If_None_Match=tags["identity"]).status == 304
    assert server.fetch(fresh, If_None_Match="*").status == 304


def test_a_short_body_is_compressed_where_identity_is_refused(server: Server) -> None:
    target = f"{ASK}%23short"
    for _ in range(2):  # from the application, and from the cache
        plain = server.fetch(target, Accept_Encoding="gzip")
        response = server.fetch(target, Accept_Encoding="gzip, identity;q=0")
        assert "content-encoding" not in plain.headers
        assert response.headers["content-encoding"] == "gzip"
        assert gzip.decompress(response.body) == plain.body
        assert response.headers["etag"] != plain.headers["etag"]
    nothing = server.fetch(target, Accept_Encoding="compress, *;q=0")
    assert (nothing.status, nothing.body) == (200, plain.body)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "br, identity;q=0"])
def test_streams_are_compressed(server: Server, coding: str) -> None:
    plain = server.fetch(LONG)
    response = server.fetch(LONG, Accept_Encoding=coding)
    name = coding.partition(",")[0]
    readers = {"gzip": gzip.decompress, "zstd": zstd.decompress, "br": brotli.decompress}
    assert response.headers["content-encoding"] == name
    assert len(response.body) < len(plain.body) / 5
    assert readers[name](response.body) == plain.body
