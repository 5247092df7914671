"""Building a release beside the others, and switching to it in one step.

The order of the steps makes a publication that is killed leave the old release or the new one: all files are written
under a name that nobody reads, synced to disk, renamed to the release's number, and only then does ``current`` change.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

import quoth
from quoth.claim.model.namespaces import QUOTH, RDF, SCHEMA
from quoth.claim.model.report import Progress
from quoth.errors import NewerReleaseError, ReleaseError, UnavailableError
from quoth.index import build, claim_summaries
from quoth.release import nquads, resource_counts, statistics, store
from quoth.release.release import CURRENT, DUMPS, FORMAT, GRAPHS, MANIFEST, File, Manifest, Release, Releases

_BUILDING = ".building-"
_SWITCHING = ".current-"
_STEP = 10_000


def publish(
    quads: Iterable[ox.Quad],
    *,
    releases: Path,
    base: str,
    report_ttl: str,
    report_json: str,
    progress: Progress | None = None,
    force: bool = False,
) -> Release:
    """Publish exactly these quads as the next release, and make it the current one.

    Unless ``force``, a current release that holds the same quads stays current and is returned with ``reused`` set.
    ``progress`` is called with a stage (sort, dump, load, verify, finish), how much of it is done, and of how much
    (0: not known).

    Raises ReleaseError, and leaves nothing, where another publication is running, a quad has a blank node, or the
    store would not give a quad back as it is; NewerReleaseError where a newer version of Quoth published there.
    """
    tell = progress or (lambda stage, done, total: None)
    try:
        releases.mkdir(parents=True, exist_ok=True)
        return _publish(quads, releases, base, report_ttl, report_json, tell, force)
    except OSError as error:
        raise ReleaseError(
            f"nothing was published: {error.strerror or error}",
            where=str(releases),
            remedy="free some space there, allow writing, or name another directory with --releases",
        ) from None


def _publish(
    quads: Iterable[ox.Quad],
    releases: Path,
    base: str,
    report_ttl: str,
    report_json: str,
    tell: Progress,
    force: bool,
) -> Release:
    with _lock(releases):
        known = Releases(releases)
        _refuse_newer(known)
        _sweep(releases)
        number = max(known.numbers(), default=0) + 1
        building = releases / f"{_BUILDING}{number}"
        building.mkdir()
        try:
            counts = _Counts()
            source = building / "source.nq"
            count = nquads.sort(nquads.to_lines(counts.watch(quads, tell)), source)
            content = nquads.sha256(source)
            current = None if force else _current(known)
            if current is not None and (current.manifest.content_sha256, current.manifest.base) == (content, base):
                tell("finish", 1, 1)
                return replace(current, reused=True)
            asserted = _write_files(building, source, report_ttl, report_json, tell)
            store.load(source, building / "store", count, tell)
            statistics.write(source, building, base, resource_counts.write(source, building, base, known))
            build.write(building / "store", building / build.INDEX_FILE)
            claim_summaries.write(source, building / build.INDEX_FILE)
            source.unlink()
            manifest = Manifest(
                format=FORMAT,
                release=number,
                created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                software=f"quoth {quoth.__version__}",
                base=base,
                quads=count,
                asserted=asserted,
                graphs=len(counts.graphs),
                claims=len(counts.claims),
                articles=len(counts.articles),
                content_sha256=content,
                files={
                    name: _file(building / name)
                    for name in (*DUMPS, *resource_counts.FILES, statistics.STATISTICS, build.INDEX_FILE)
                },
            )
            (building / MANIFEST).write_text(manifest.to_json(), "utf-8")
            tell("finish", 0, 1)
            _sync(building)
            building.rename(releases / str(number))
        finally:
            shutil.rmtree(building, ignore_errors=True)
        _fsync(releases)
        _switch(releases, number)
        tell("finish", 1, 1)
        return known.open(number)


class _Counts:
    """The things that the manifest counts, gathered while the quads pass by."""

    def __init__(self) -> None:
        self.graphs: set[str] = set()
        self.claims: set[str] = set()
        self.articles: set[str] = set()

    def watch(self, quads: Iterable[ox.Quad], tell: Progress) -> Iterator[ox.Quad]:
        """The same quads, which are counted as they pass. Raises ReleaseError for one with a blank node."""
        articles = {SCHEMA.Article, SCHEMA.NewsArticle}
        for done, quad in enumerate(quads, 1):
            terms = (quad.subject, quad.object, quad.graph_name)
            if any(isinstance(term, ox.BlankNode) for term in terms):
                raise ReleaseError(f"a published quad has a blank node: {quad}", remedy="give it an IRI")
            if isinstance(quad.graph_name, ox.NamedNode):
                self.graphs.add(quad.graph_name.value)
            elif quad.predicate == RDF.type and isinstance(quad.subject, ox.NamedNode):
                if quad.object == QUOTH.Claim:
                    self.claims.add(quad.subject.value)
                elif quad.object in articles:
                    self.articles.add(quad.subject.value)
            if done % _STEP == 0:
                tell("sort", done, 0)
            yield quad


def _write_files(building: Path, source: Path, report_ttl: str, report_json: str, tell: Progress) -> int:
    tell("dump", 0, 2)
    nquads.write_nquads(source, building / "claims.nq.gz")
    tell("dump", 1, 2)
    asserted = nquads.write_trig(source, building / "claims.trig.gz", building / GRAPHS)
    tell("dump", 2, 2)
    (building / "report.ttl").write_text(report_ttl, "utf-8")
    (building / "report.json").write_text(report_json, "utf-8")
    return asserted


def _file(path: Path) -> File:
    return File(path.stat().st_size, nquads.sha256(path))


def _current(known: Releases) -> Release | None:
    try:
        return known.current()
    except (UnavailableError, ReleaseError):
        return None


@contextmanager
def _lock(releases: Path) -> Iterator[None]:
    """Keep other publications out. The lock ends with the process, however that ends."""
    with (releases / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(
                f"another publication is running in {releases}", remedy="wait until it has finished"
            ) from None
        yield


def _refuse_newer(known: Releases) -> None:
    """Raise NewerReleaseError for a folder with a release that this version cannot read: the two must not mix."""
    for number in known.numbers():
        try:
            known.open(number)
        except NewerReleaseError:
            raise
        except ReleaseError:
            continue  # a damaged release is in nobody's way


def _sweep(releases: Path) -> None:
    """Remove what a killed publication left. The caller has the lock."""
    for entry in releases.iterdir():
        if entry.name.startswith(_BUILDING):
            shutil.rmtree(entry)
        elif entry.name.startswith(_SWITCHING):
            entry.unlink()


def _switch(releases: Path, number: int) -> None:
    link = releases / f"{_SWITCHING}{number}"
    link.symlink_to(str(number))
    os.replace(link, releases / CURRENT)
    _fsync(releases)


def _sync(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            _fsync(Path(parent, name))
        _fsync(Path(parent))


def _fsync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
