"""Releases: their contents, refused publications, and publications that are killed."""

import fcntl
import gzip
import hashlib
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.errors import NotFoundError, ReleaseError, UnavailableError
from quoth.release import identity
from quoth.release.dumps import nquads, tables
from quoth.release.dumps.tables import GRAPHS, NQUADS, TRIG
from quoth.release.history.schema import HISTORY
from quoth.release.publish import publish
from quoth.release.release import Release, Releases

from ..conftest import BASE
from .publishing import iri, quads, release

XSD = "http://www.w3.org/2001/XMLSchema#"


def served(release: Release) -> set[str]:
    return {str(quad) for quad in ox.Store.read_only(str(release.store_path))}


def named(release: Release) -> list[ox.Quad]:
    """What a release says of itself, by its manifest."""
    manifest = release.manifest
    return list(identity.quads(manifest.base, manifest.release, manifest.content_sha256, manifest.quads))


def dumped(release: Release, name: str, format: ox.RdfFormat) -> list[str]:
    with release.open_file(name) as packed, gzip.open(packed) as file:
        return [str(quad) for quad in ox.parse(file.read(), format)]


def test_a_release_holds_the_quads_in_all_its_forms(tmp_path: Path) -> None:
    current = release(tmp_path, quads() + quads())  # what is said twice is there once
    wanted = {str(quad) for quad in [*quads(), *named(current)]}
    assert served(current) == wanted
    assert sorted(dumped(current, "claims.nq.gz", ox.RdfFormat.N_QUADS)) == sorted(wanted)
    assert sorted(dumped(current, "claims.trig.gz", ox.RdfFormat.TRIG)) == sorted(wanted)
    assert current.file("report.ttl").read_text() == "# conforms\n"


def test_the_manifest_counts_and_hashes(tmp_path: Path) -> None:
    current = release(tmp_path)
    manifest = current.manifest
    counts = (manifest.quads, manifest.asserted, manifest.graphs, manifest.claims, manifest.articles)
    assert counts == (17, 7, 4, 3, 1)
    assert (manifest.release, manifest.base, current.reused) == (1, BASE, False)
    assert manifest.software.startswith("quoth ")
    assert time.strptime(manifest.created, "%Y-%m-%dT%H:%M:%SZ")
    content = gzip.decompress(current.open_file("claims.nq.gz").read())
    assert content.splitlines() == sorted(content.splitlines())
    lines = content.splitlines(keepends=True)
    about_itself = [line for line in lines if line.endswith(f" <{BASE}releases> .\n".encode())]
    assert len(about_itself) == identity.SIZE
    unnamed = b"".join(line for line in lines if line not in about_itself)
    # The few quads are one segment.
    assert hashlib.sha256(f"{hashlib.sha256(unnamed).hexdigest()}\n".encode()).hexdigest() == manifest.content_sha256
    assert current.graphs(2) == [(f"{BASE}id/claim/a/{i}#content", 2) for i in range(2)]
    assert len(current.graphs(9)) == manifest.graphs
    current.verify()
    files = {file.name for file in current.path.iterdir()}
    assert files == {*manifest.files, "manifest.json", "store", "segments"} - tables.tables(BASE).keys()
    segments = [segment for members in current.segments().values() for segment in members]
    assert set(os.listdir(current.path / "segments")) == {segment.sha256 for segment in segments}
    on_disk = json.loads((current.path / "manifest.json").read_text())
    assert on_disk["files"]["claims.nq.gz"]["bytes"] == len(current.open_file("claims.nq.gz").read())


def test_equal_quads_make_equal_files(tmp_path: Path) -> None:
    first = release(tmp_path / "a")
    code = (
        "import pickle, sys; from pathlib import Path; from quoth.release.publish import publish;"
        "publish(pickle.load(sys.stdin.buffer), releases=Path(sys.argv[1]), base=sys.argv[2],"
        " report_ttl='# conforms\\n', report_json='{\"conforms\": true}\\n')"
    )
    # Another process, as the order of prefixes changes from one to the next.
    data = pickle.dumps(random.Random(1).sample(quads(), len(quads())))
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "b"), BASE], input=data, check=True)
    second = Releases(tmp_path / "b").current()
    timeless = {*first.manifest.files} - {HISTORY}  # it says when they were made
    assert {*second.manifest.files} - {HISTORY} == timeless
    assert all(second.manifest.files[name] == first.manifest.files[name] for name in timeless)


def test_the_trig_dump_names_each_graph_once(tmp_path: Path) -> None:
    text = gzip.decompress(release(tmp_path).open_file("claims.trig.gz").read()).decode()
    assert text.count("#content> {") + text.count("GRAPH") == 3


def test_the_same_quads_are_not_published_again(tmp_path: Path) -> None:
    release(tmp_path)
    again = release(tmp_path)
    assert (again.number, again.reused) == (1, True)
    assert release(tmp_path, force=True).number == 2
    assert Releases(tmp_path).numbers() == [1, 2]
    assert Releases(tmp_path).current().number == 2


def test_another_base_is_another_release(tmp_path: Path) -> None:
    release(tmp_path)
    arguments = {"base": "https://e.org/", "report_ttl": "", "report_json": "{}"}
    assert publish(quads(), releases=tmp_path, **arguments).number == 2  # type: ignore[arg-type]


def test_progress_names_its_stages(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    publish(
        quads(),
        releases=tmp_path,
        base=BASE,
        report_ttl="",
        report_json="{}",
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        *("dump", "load", "verify", "count", "index", "finish")
    ]
    assert ("load", 17, 17) in told


@pytest.mark.parametrize(
    ("value", "type", "kept"),
    [
        ("007", "integer", '"7"'),
        ("1.10", "decimal", '"1.1"'),
        ("1", "boolean", '"true"'),
        ("5", "nonNegativeInteger", "#integer"),
        ("2020-01-01T00:00:00+00:00", "dateTime", "00:00:00Z"),
    ],
)
def test_a_literal_that_the_store_rewrites_is_refused(tmp_path: Path, value: str, type: str, kept: str) -> None:
    literal = ox.Literal(value, datatype=ox.NamedNode(XSD + type))
    release(tmp_path)
    with pytest.raises(ReleaseError) as caught:
        release(tmp_path, [*quads(), ox.Quad(iri("s"), iri("p"), literal)])
    assert str(literal) in str(caught.value)
    assert kept in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == [".lock", "1", "current", "current.json"]


def test_two_literals_that_the_store_holds_for_one_are_refused(tmp_path: Path) -> None:
    values = [ox.Literal(v, datatype=ox.NamedNode(XSD + "integer")) for v in ("7", "07")]
    with pytest.raises(ReleaseError, match="07"):
        release(tmp_path, [ox.Quad(iri("s"), iri("p"), value) for value in values])
    assert os.listdir(tmp_path) == [".lock"]


@pytest.mark.parametrize("place", ["subject", "object", "graph"])
def test_a_blank_node_is_refused(tmp_path: Path, place: str) -> None:
    node = ox.BlankNode("b")
    quad = {
        "subject": ox.Quad(node, iri("p"), iri("o")),
        "object": ox.Quad(iri("s"), iri("p"), node),
        "graph": ox.Quad(iri("s"), iri("p"), iri("o"), node),
    }[place]
    with pytest.raises(ReleaseError, match="blank node"):
        release(tmp_path, [quad])
    assert os.listdir(tmp_path) == [".lock"]


def test_an_empty_release_is_a_release(tmp_path: Path) -> None:
    current = release(tmp_path, [])
    assert served(current) == {str(quad) for quad in named(current)}
    assert (current.manifest.quads, current.manifest.asserted) == (identity.SIZE, 0)


def test_a_release_says_who_it_is_and_a_dump_of_it_says_nothing_else(tmp_path: Path) -> None:
    first = release(tmp_path)
    assert first.says_who_it_is
    store = ox.Store.read_only(str(first.store_path))
    found = store.query(f"SELECT ?n {{ GRAPH <{BASE}releases> {{ ?r <https://schema.org/version> ?n }} }}")
    assert [str(row["n"]) for row in found] == ['"1"']  # type: ignore[union-attr]
    assert release(tmp_path, list(store)).reused
    second = release(tmp_path, list(store), force=True)
    assert served(second) == {str(quad) for quad in [*quads(), *named(second)]}
    assert second.manifest.content_sha256 == first.manifest.content_sha256


def test_two_publications_at_once_are_not_possible(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="another publication is running"):
            release(tmp_path)
    assert release(tmp_path).number == 1


def test_without_a_release_the_error_names_the_command(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(UnavailableError, match="quoth publish"):
            Releases(folder).current()
        assert Releases(folder).all() == []
    with pytest.raises(NotFoundError):
        Releases(tmp_path).open(1)


def test_a_damaged_release_is_detected(tmp_path: Path) -> None:
    current = release(tmp_path)
    current.segments()[NQUADS][0].path.write_bytes(b"other")
    with pytest.raises(ReleaseError, match=r"claims\.nq\.gz"):
        current.verify()
    (current.path / "manifest.json").write_text("[]")
    with pytest.raises(ReleaseError, match="manifest"):
        Releases(tmp_path).current()
    assert release(tmp_path).number == 2


def test_lists_are_among_the_files_that_are_verified(tmp_path: Path) -> None:
    current = release(tmp_path)
    lists = current.file("lists.sqlite")
    lists.write_bytes(lists.read_bytes()[:-1])
    with pytest.raises(ReleaseError, match=r"lists\.sqlite"):
        current.verify()


def test_only_listed_files_are_given_out(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        release(tmp_path).file("../../etc/passwd")


PUBLISH = """
import os, pickle, re, shutil, signal, sys
from collections import Counter
from pathlib import Path
from quoth.release.publish import publish

first, base, force = sys.argv[1:]
quads, steps = pickle.load(sys.stdin.buffer)

def publish_until(folder, last):
    reached = Counter()
    log = open(f"{folder}.log", "w", buffering=1)

    def reach(name):
        reached[name] += 1
        step = f"{name} {reached[name]}" if reached[name] > 1 else name
        print(step, file=log)
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event, arguments):
        if event == "open" and not arguments[2] & os.O_WRONLY and arguments[0] != folder:
            return  # it is only read; the folder itself is opened to be synced
        if event in ("open", "os.mkdir", "os.remove", "os.rename", "os.symlink", "sqlite3.connect"):
            path = str(arguments[event == "os.symlink"])
            if path.startswith(folder):
                reach(re.sub("[0-9a-f]{64}", "*", f"{event} {os.path.relpath(path, folder)}"))

    sys.addaudithook(audit)
    publish(
        quads, releases=Path(folder), base=base, report_ttl="", report_json="{}", force=force == "force",
        progress=lambda stage, done, total: reach(stage),
    )

for number, step in enumerate(steps):
    folder = f"{first}-{number}"
    shutil.copytree(first, folder, symlinks=True)
    child = os.fork()
    if child == 0:
        publish_until(folder, step)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""Publishes into a copy of a folder for each step, in a process that kills itself just before that step. A process
notes the steps that it reaches: those of its progress, and each change of a file."""

_BEGIN = ("os.mkdir .building-2", "os.mkdir .building-2/segments", "open .building-2/source.nq")
_SEGMENTS = [f"open .building-2/segments/* {n}" if n > 1 else "open .building-2/segments/*" for n in range(1, 10)]
_HISTORY = ("open .building-2/history.sqlite", "sqlite3.connect .building-2/history.sqlite")
_LISTS = ("index", "sqlite3.connect .building-2/lists.sqlite")
_END = (
    *("os.remove .building-2/source.nq", "open .building-2/report.ttl", "open .building-2/report.json"),
    *("open .building-2/questions.json", "open .building-2/statistics.json"),
    *("os.remove .building-2/segments/*", "open .building-2/segments.json.gz"),
    *("open .building-2/manifest.json", "finish"),
    *("os.rename .building-2", "open ."),
    *("os.symlink .current-2", "os.rename .current-2"),
    *("open . 2", "finish 2"),
    *("open .current-current.json", "os.rename .current-current.json"),
)
STEPS = {
    "force": (
        *("os.mkdir .", "open .lock", *_BEGIN, *_HISTORY),
        *("dump", _SEGMENTS[0], "open .building-2/source.whole", "os.rename .building-2/source.whole", _SEGMENTS[1]),
        *("dump 2", "open .building-2/graphs.nq", *_SEGMENTS[2:6], "os.remove .building-2/graphs.nq"),
        *("dump 3", "load", "verify", "count", *_SEGMENTS[6:9], "count 2", "count 3"),
        *(*_LISTS, "index 2", "sqlite3.connect .building-2/lists.sqlite 2", "index 3"),
        *_END,
    ),
    "no force": (
        *("os.mkdir .", "open .lock", "last", *_BEGIN, *_HISTORY),
        *("dump", *_SEGMENTS[:2], "dump 2", *_SEGMENTS[2:4], "dump 3"),
        *("load", "load 2", "verify", "count", _SEGMENTS[4], "count 2", "count 3"),
        *(_LISTS[0], "open .building-2/lists.sqlite", _LISTS[1], "index 2"),
        *_END,
    ),
}
"""The steps of a publication that makes release 2: all anew, or by changing release 1."""
Publications = dict[tuple[str, str], tuple[Path, int, list[str]]]


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> Publications:
    """For each way and step the folder in which a publication was killed there, how it ended, and the steps that it
    reached."""
    known: Publications = {}
    for way, steps in STEPS.items():
        first = tmp_path_factory.mktemp("killed") / "releases"
        release(first)
        command = [sys.executable, "-c", PUBLISH, str(first), BASE, way]
        every = (*steps, "none")
        result = subprocess.run(command, input=pickle.dumps((quads(4), every)), stdout=subprocess.PIPE, check=True)
        for number, (step, end) in enumerate(zip(every, map(int, result.stdout.split()), strict=True)):
            folder = first.with_name(f"{first.name}-{number}")
            known[way, step] = folder, end, folder.with_name(f"{folder.name}.log").read_text().splitlines()
    return known


@pytest.mark.slow
@pytest.mark.parametrize("way", STEPS)
def test_the_steps_of_a_publication(publications: Publications, way: str) -> None:
    assert publications[way, "none"][1:] == (0, list(STEPS[way]))


@pytest.mark.slow
@pytest.mark.parametrize(("way", "step"), [(way, step) for way, steps in STEPS.items() for step in steps])
def test_a_killed_publication_leaves_the_old_release_or_the_new_one(
    publications: Publications, way: str, step: str
) -> None:
    folder, end, reached = publications[way, step]
    steps = STEPS[way]
    place, renamed = steps.index(step), steps.index("os.rename .building-2")
    assert (end, reached) == (-signal.SIGKILL, list(steps[: place + 1]))
    left = set(os.listdir(folder)) - {".lock", "current.json", "1", "current"}
    assert left == {
        *([".building-2"] if steps.index("os.mkdir .building-2") < place <= renamed else []),
        *(["2"] if renamed < place else []),
        *([".current-2"] if step == "os.rename .current-2" else []),
        *([".current-current.json"] if step == "os.rename .current-current.json" else []),
    }
    current = Releases(folder).current()
    assert current.number == (2 if steps.index("os.rename .current-2") < place else 1)
    assert len(served(current)) == current.manifest.quads == len(quads(4 if current.number == 2 else 3)) + identity.SIZE
    for edition in Releases(folder).all():
        edition.verify()
        assert len(served(edition)) == edition.manifest.quads
    last = release(folder, quads(5), force=way == "force")
    assert Releases(folder).current().number == last.number == (3 if "2" in left else 2)
    assert set(os.listdir(folder)) == {".lock", "current.json", "current", *map(str, range(1, last.number + 1))}


terms = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.one_of(terms.map(ox.Literal), terms.map(lambda t: ox.Literal(t, language="en-GB")), st.just(iri("o"))),
            st.sampled_from(["", "g", "h"]),
        ),
        max_size=30,
    ),
    st.integers(1, 7),
)
def test_sorted_lines_and_dumps_keep_any_text(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ox.Literal | ox.NamedNode, str]], run: int
) -> None:
    folder = tmp_path_factory.mktemp("dump")
    statements = [ox.Quad(iri(s), iri("p"), o, iri(g) if g else ox.DefaultGraph()) for s, o, g in rows]
    count = nquads.sort(nquads.to_lines(statements), folder / "source.nq", run)
    wanted = {str(quad) for quad in statements}
    assert count == len(wanted)
    assert (folder / "source.nq").read_bytes() == b"".join(sorted(set(nquads.to_lines(statements))))
    table = tables.tables(BASE)
    lines = tables.by_graph(set(nquads.to_lines(statements)))
    dump = table[TRIG].build(lines, folder)
    with tables.concatenated(dump) as file:
        assert {str(quad) for quad in ox.parse(gzip.decompress(file.read()), ox.RdfFormat.TRIG)} == wanted
    assert list(table[TRIG].all(dump)) == lines
    graphs = Counter(quad.graph_name.value for quad in set(statements) if isinstance(quad.graph_name, ox.NamedNode))
    counts = sorted(graphs.items())
    with tables.concatenated(table[GRAPHS].build(tables.graph_rows(lines), folder)) as packed:
        assert list(nquads.read_counts(packed)) == counts
    with (folder / "source.nq").open("rb") as file:
        assert {str(quad) for quad in nquads.from_lines(file)} == wanted


def test_fingerprints_differ_with_the_lines() -> None:
    assert nquads.fingerprint([b"a", b"b"]) == nquads.fingerprint([b"b", b"a"])
    assert nquads.fingerprint([b"a", b"b"]) != nquads.fingerprint([b"a", b"c"])
    assert nquads.fingerprint([b"a"]) != nquads.fingerprint([b"a", b"a"])
