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
        found = server.fetch(PAGE, Accept_Encoding=coding)
        assert found.headers["content-encoding"] == coding
        assert read(found.body) == plain.body
        assert int(found.headers["content-length"]) == len(found.body)
        tags.add(found.headers["etag"])
    assert len(tags) == 4
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("target", [SELECT, PAGE])
def test_an_etag_matches_its_own_coding_only(server: Server, target: str) -> None:
    tags = {c: server.fetch(target, Accept_Encoding=c).headers["etag"] for c in ("identity", "gzip", "br")}
    for coding in tags:
        for other, tag in tags.items():
            found = server.fetch(target, Accept_Encoding=coding, If_None_Match=f'"nothing", {tag}')
            assert found.status == (304 if coding == other else 200)
            assert found.headers["etag"] == tags[coding]
            if found.status == 304:
                assert not found.body
                assert {"vary", "cache-control", "access-control-allow-origin"} <= found.headers.keys()
                assert not {"content-type", "content-length", "content-encoding"} & found.headers.keys()
    # Not from the cache either.
    fresh = target + ("&x=1" if "?" in target else "?x=1")
    assert server.fetch(fresh, If_None_Match=tags["identity"]).status == 304
    assert server.fetch(fresh, If_None_Match="*").status == 304


def test_a_short_body_is_compressed_where_identity_is_refused(server: Server) -> None:
    target = f"{ASK}%23short"
    for _ in range(2):  # from the application, and from the cache
        plain = server.fetch(target, Accept_Encoding="gzip")
        found = server.fetch(target, Accept_Encoding="gzip, identity;q=0")
        assert "content-encoding" not in plain.headers
        assert found.headers["content-encoding"] == "gzip"
        assert gzip.decompress(found.body) == plain.body
        assert found.headers["etag"] != plain.headers["etag"]
    nothing = server.fetch(target, Accept_Encoding="compress, *;q=0")
    assert (nothing.status, nothing.body) == (200, plain.body)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "br, identity;q=0"])
def test_streams_are_compressed(server: Server, coding: str) -> None:
    plain = server.fetch(LONG)
    found = server.fetch(LONG, Accept_Encoding=coding)
    name = coding.partition(",")[0]
    readers = {"gzip": gzip.decompress, "zstd": zstd.decompress, "br": brotli.decompress}
    assert found.headers["content-encoding"] == name
    assert len(found.body) < len(plain.body) / 5
    assert readers[name](found.body) == plain.body
