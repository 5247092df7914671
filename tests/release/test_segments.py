"""Sorted lines in segments: the same lines make the same segments, and these are one gzip file."""

import gzip
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.release.dumps import gzip_stream, segments
from quoth.release.dumps.concatenation import Concatenation
from quoth.release.dumps.segments import Segment, Table

LINES = st.sets(st.tuples(st.integers(0, 40), st.integers(0, 3))).map(
    lambda pairs: {f"<s{subject:02}> {value}\n".encode() for subject, value in pairs}
)


def table(head: bytes = b"") -> Table:
    return Table("lines", lambda line: line.partition(b" ")[0], head=head, uncut=b"<s2")


def cut(found: list[Segment]) -> list[tuple[str, str, int]]:
    return [(segment.key, segment.sha256, segment.lines) for segment in found]


@settings(max_examples=30, deadline=None)
@given(before=LINES, after=LINES, head=st.sampled_from([b"", b"?head\n"]))
def test_changed_segments_are_those_of_the_lines(
    tmp_path_factory: pytest.TempPathFactory, before: set[bytes], after: set[bytes], head: bytes
) -> None:
    old, new = (tmp_path_factory.mktemp("segments") for _ in range(2))
    lines = table(head)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "KEYS_A_SEGMENT", 3)
        first = lines.build(sorted(before), old)
        changed = lines.change(first, before - after, after - before, new)
        assert cut(changed) == cut(lines.build(sorted(after), new))
        assert list(lines.all(changed)) == sorted(after)
    touched = {line.partition(b" ")[0] for line in before ^ after}
    assert list(lines.of_keys(changed, touched)) == [line for line in sorted(after) if lines.key(line) in touched]


def test_a_segment_that_does_not_change_is_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "KEYS_A_SEGMENT", 2)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    lines = [f"<a{number}> 1\n".encode() for number in range(60)]
    first = table().build(sorted(lines), old)
    changed = table().change(first, [], [b"<a7> 2\n"], new)
    segments.gather(changed, new)
    assert len({*first} & {*changed}) >= len(first) - 2 > 5
    linked = [segment for segment in first if segment in changed]
    assert all((new / segment.sha256).samefile(segment.path) for segment in linked)
    assert {path.name for path in new.iterdir()} == {segment.sha256 for segment in changed}


def test_a_damaged_segment_is_found(tmp_path: Path) -> None:
    [segment] = table().build([b"<a> 1\n"], tmp_path)
    segment.path.write_bytes(gzip_stream.pack(b"<a> 2\n"))
    with pytest.raises(zlib.error, match="damaged"):
        segment.text()


@given(st.lists(st.binary(max_size=300) | st.integers(1, 9000).map(bytes)))
def test_pieces_are_a_gzip_file_of_one_member(texts: list[bytes]) -> None:
    pieces = [gzip_stream.pack(text) for text in texts]
    assert [gzip_stream.unpack(piece) for piece in pieces] == texts
    tail = gzip_stream.tail((zlib.crc32(text), len(text)) for text in texts)
    data = b"".join((gzip_stream.HEAD, *pieces, tail))
    assert gzip.decompress(data) == b"".join(texts)
    one = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert (one.decompress(data), one.eof, one.unused_data) == (b"".join(texts), True, b"")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.binary(max_size=9), max_size=6),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=9),
)
def test_files_are_read_as_one(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], reads: list[tuple[int, int]]
) -> None:
    folder, whole = tmp_path_factory.mktemp("parts"), b"".join(parts)
    files: list[tuple[Path | bytes, int]] = []
    for number, part in enumerate(parts):
        (folder / str(number)).write_bytes(part)
        files.append((part if number % 3 == 2 else folder / str(number), len(part)))
    with io.BufferedReader(Concatenation(files), 4) as file:
        for place, size in reads:
            file.seek(place)
            assert file.read(size) == whole[place : place + size]
        assert file.seek(0, io.SEEK_END) == len(whole)


def test_a_file_that_was_cut_short_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"abc")
    with Concatenation([(tmp_path / "part", 4)]) as file, pytest.raises(OSError, match="shorter"):
        file.readall()
