"""Files of a release over HTTP: ranges (RFC 9110 §14), validators, digests (RFC 9530), caching."""

import base64
import gzip
import hashlib
import json
import shutil
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from quoth.release.release import Release, Releases
from quoth.web.core.archive import FILES, PLAIN, files_of

from ...serving import serving

PATH = "/releases/1/claims.nq.gz"


@pytest.fixture
def whole(client: FlaskClient) -> bytes:
    return bytes(client.get(PATH).data)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_has_one_media_type_with_one_charset(client: FlaskClient, name: str) -> None:
    assert client.get(f"/releases/1/{name}").headers.getlist("Content-Type") == [FILES[name][0]]


@pytest.mark.parametrize(
    ("range_", "first", "last"),
    [
        pytest.param("bytes=0-0", 0, 0, id="first"),
        pytest.param("bytes=10-19", 10, 19, id="middle"),
        pytest.param("bytes=100-", 100, -1, id="open"),
        pytest.param("bytes=-5", -5, -1, id="suffix"),
        pytest.param("bytes=5-999999999", 5, -1, id="past the end"),
        pytest.param("BYTES=1-2", 1, 2, id="upper case"),
    ],
)
def test_a_single_range_is_partial_content(
    client: FlaskClient, whole: bytes, range_: str, first: int, last: int
) -> None:
    answer = client.get(PATH, headers={"Range": range_})
    size = len(whole)
    start, end = first % size, last % size
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{size}"
    assert answer.data == whole[start : end + 1]
    assert answer.headers["Repr-Digest"] == digest(whole)


def digest(whole: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(whole).digest()).decode()}:"


@pytest.mark.parametrize(
    "range_", ["bytes=0-1,3-4", "bytes=0-1,0-1,0-1,0-1", "lines=1-2", "bytes=b-a", "bytes=5-2", "bytes=-", "x", ""]
)
def test_other_ranges_get_the_whole_file(client: FlaskClient, whole: bytes, range_: str) -> None:
    answer = client.get(PATH, headers={"Range": range_})
    assert (answer.status_code, answer.data) == (200, whole)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("range_", ["bytes=999999999-", "bytes=-0"])
def test_a_range_past_the_end_is_not_satisfiable(client: FlaskClient, whole: bytes, range_: str) -> None:
    answer = client.get(PATH, headers={"Range": range_})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert answer.get_json(force=True)["remedy"]


def test_a_resumed_download_needs_the_same_file(client: FlaskClient, whole: bytes) -> None:
    first = client.get(PATH)
    for validator in (first.headers["ETag"], first.headers["Last-Modified"]):
        answer = client.get(PATH, headers={"Range": "bytes=7-", "If-Range": validator})
        assert (answer.status_code, answer.data) == (206, whole[7:])
    for other in ('"another"', "Mon, 01 Jan 2001 00:00:00 GMT", f"W/{first.headers['ETag']}"):
        answer = client.get(PATH, headers={"Range": "bytes=7-", "If-Range": other})
        assert (answer.status_code, answer.data) == (200, whole), other


def test_head_is_get_without_the_body(client: FlaskClient, whole: bytes) -> None:
    get, head = client.get(PATH), client.head(PATH, headers={"Range": "bytes=0-5"})
    assert (head.status_code, head.data) == (200, b"")
    fields = [{k: v for k, v in answer.headers.items() if k != "Date"} for answer in (get, head)]
    assert fields[0] == fields[1]
    assert head.headers["Content-Length"] == str(len(whole))


def test_a_file_is_asked_for_anew(client: FlaskClient, release: Release) -> None:
    answer = client.get(PATH)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["ETag"] == f'"{release.manifest.files["claims.nq.gz"].sha256}"'
    assert client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(PATH, headers={"If-Modified-Since": answer.headers["Last-Modified"]}).status_code == 304
    assert client.get("/releases/1", headers={"Accept": "text/html"}).headers["Cache-Control"] == "no-cache"


def test_a_range_over_a_real_connection(release: Release) -> None:
    with serving(release.path.parent) as server:
        status, headers, whole = server.get(PATH)
        assert status == 200
        for _ in range(2):  # from the application, and where it can be from the cache
            assert server.get(PATH, {"Range": "bytes=3-9"})[2] == whole[3:10]
            assert server.get(PATH, {"Range": "bytes=0-1,5-6"})[::2] == (200, whole)
            assert server.get(PATH, {"Range": "bytes=99999999-"})[0] == 416
            assert server.get(PATH)[::2] == (200, whole)
            for condition, field in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
                # The other conditions come before the range (RFC 9110 §13.2.2).
                assert server.get(PATH, {"Range": "bytes=0-5", condition: headers[field]})[0] == 304
        # A coding makes another representation of it, with another digest.
        _, headers, _ = server.get("/releases/1/report.ttl", {"Accept-Encoding": "gzip"})
        assert headers["content-encoding"] == "gzip"
        assert "repr-digest" not in headers
        _, headers, body = server.get("/releases/1/report.ttl")
        assert headers["repr-digest"] == digest(body)


def dump(release: Release, name: str) -> tuple[bytes, bytes]:
    """The bytes of a dump that is held compressed, and what is in it."""
    held = release.open_file(f"{name}.gz").read()
    return held, gzip.decompress(held)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(
    ("accepted", "coded"),
    [
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("x-gzip;q=0.5, identity;q=0.1", True),
        ("identity", False),
        ("gzip;q=0.5, identity", False),
        ("gzip;q=0", False),
        ("gzip, identity;q=0", True),
        ("*", True),
    ],
)
def test_a_dump_is_loaded_by_its_url(
    client: FlaskClient, release: Release, name: str, accepted: str, coded: bool
) -> None:
    held, plain = dump(release, name)
    answer = client.get(f"/releases/1/{name}", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.mimetype == {"claims.trig": "application/trig", "claims.nq": "application/n-quads"}[name]
    assert answer.headers.get("Content-Encoding") == ("gzip" if coded else None)
    assert answer.data == (held if coded else plain)
    assert answer.headers["Repr-Digest"] == digest(answer.data)
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert "Accept-Encoding" in answer.vary
    assert answer.headers["Accept-Ranges"] == ("bytes" if coded else "none")
    part = client.get(f"/releases/1/{name}", headers={"Accept-Encoding": accepted, "Range": "bytes=2-5"})
    assert (part.status_code, part.data) == ((206, held[2:6]) if coded else (200, plain))


def test_a_dump_and_its_compressed_file_have_validators_of_their_own(client: FlaskClient, release: Release) -> None:
    plain, coded = (
        client.get("/releases/1/claims.nq", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", "gzip")
    )
    assert plain != coded
    assert plain == f'"{hashlib.sha256(gzip.decompress(release.open_file("claims.nq.gz").read())).hexdigest()}"'
    for tag, coding in ((plain, "identity"), (coded, "gzip")):
        headers = {"If-None-Match": tag, "Accept-Encoding": coding}
        assert client.get("/releases/1/claims.nq", headers=headers).status_code == 304


def test_a_compressed_file_stays_as_it_is(client: FlaskClient, release: Release) -> None:
    for accepted in ("", "gzip", "br"):
        answer = client.get(PATH, headers={"Accept-Encoding": accepted})
        assert answer.data == dump(release, "claims.nq")[0]
        assert (answer.mimetype, answer.headers.get("Content-Encoding")) == ("application/gzip", None)


@pytest.mark.slow
def test_the_release_of_an_earlier_version_has_dumps_without_a_digest(release: Release, tmp_path: Path) -> None:
    shutil.copytree(release.path.parent, tmp_path / "releases", symlinks=True)
    manifest = tmp_path / "releases" / "1" / "manifest.json"
    members = json.loads(manifest.read_text())
    del members["uncompressed"], members["manifest_sha256"]
    manifest.write_text(json.dumps(members))
    old = Releases(tmp_path / "releases").open(1)
    assert files_of(old)["claims.nq"] is None
    with serving(tmp_path / "releases") as server:
        status, headers, body = server.get("/releases/1/claims.nq")
        assert (status, body) == (200, dump(release, "claims.nq")[1])
        assert "repr-digest" not in headers
        for path in ("/catalog.nt", "/.well-known/void.nt", "/releases/1.nt"):
            described = server.get(path).body.decode()
            assert "releases/1/claims.nq>" in described
            assert "release-1-claims.nq-sha256" not in described
            assert "release-1-claims.nq.gz-sha256" in described
        assert server.get("/releases/1", {"Accept": "text/html"}).status == 200


def test_the_cache_keeps_the_codings_apart(release: Release) -> None:
    held, plain = dump(release, "claims.trig")
    with serving(release.path.parent) as server:
        for _ in range(2):
            assert server.get("/releases/1/claims.trig", {"Accept-Encoding": "br, gzip"}).body == held
            status, headers, body = server.get("/releases/1/claims.trig", {"Accept-Encoding": "br"})
            assert (status, brotli.decompress(body), "repr-digest" in headers) == (200, plain, False)
            assert server.get("/releases/1/claims.trig").body == plain
