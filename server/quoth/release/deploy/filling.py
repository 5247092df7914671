"""Datasets filled with releases: whole, or by the difference from the release that they hold; and read back.

SPARQL updates say quads by graph, and in batches. A dataset that is read while it changes (dialect "one") loses what
says which release it is before all else, and gets it after all else, when the rest has been compared: whoever finds it
there before a query and after it has asked the whole release.
"""

import gzip
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import SCHEMA
from quoth.claim.model.report import Progress
from quoth.engine.remote.dialect import Dialect
from quoth.engine.remote.engine import RemoteEngine
from quoth.engine.remote.loader import Loader
from quoth.errors import ReleaseError, UnavailableError
from quoth.release import identity
from quoth.release.deploy.comparison import Comparison
from quoth.release.dumps import nquads
from quoth.release.dumps.nquads import DEFAULT_GRAPH, graph_of
from quoth.release.dumps.tables import NQUADS
from quoth.release.history import diff
from quoth.release.release import Release

_MOST = 2
"""An engine that gives more than so many times the quads of a release, and some, is read no further."""

SMALL = 5
"""A difference is small if it has fewer lines than one in so many quads of the release: measured, the rest is faster
loaded whole by the loader of Oxigraph, which has the fastest."""
MOST_LINES = 1_000_000
"""A longer difference is never small: it is in memory."""

_BLOCK_BYTES = 2**20
_READ = (
    "SELECT ?s ?p ?o WHERE { ?s ?p ?o }",
    "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }",
)
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
_DELETE = "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o %s } FILTER(?g NOT IN (%s)) }"
_CLEARED = 500
"""Graphs from which one update takes something: Virtuoso has no room for 800."""


@dataclass(frozen=True)
class Filling:
    """The ``dataset`` at a URL, changed by a ``loader`` and read by an ``engine``; ``tell`` hears how far it is. All
    raise UnavailableError where the server is down or refuses."""

    dialect: Dialect
    loader: Loader
    engine: RemoteEngine
    dataset: str
    tell: Progress = lambda *_: None

    def empty(self) -> None:
        """Drop the dataset, or all that is in it."""
        if self.dialect.drop:
            return self.loader.drop(self.dataset)
        others = ", ".join(f"<{iri}>" for iri in (self.dialect.default_graph, *self.dialect.other_graphs))
        for which in (f"; {SCHEMA.sha256} ?sha256", ""):
            self.loader.update(self.dataset, (_DELETE % (which, others)).encode())
        self._clear([self.dialect.default_graph])
        # Virtuoso leaves some numbers where they are, and clears a graph much more slowly than it deletes from many.
        before: list[str] = []
        while left := [cast(ox.NamedNode, row["g"]).value for row in self.engine.select(f"{_GRAPHS} LIMIT {_CLEARED}")]:
            if left == before:
                what = f"still has the graph <{left[0]}> after it was cleared"
                raise UnavailableError(what, where=self._where, remedy="see what its user may change there")
            self._clear(left)
            before = left

    def fill(self, release: Release) -> None:
        """Make the dataset, or what is to be in it, of a release. Raises TakenError where there is one already, and
        ReleaseError where it does not hold just the quads of the release then."""
        self.loader.create(self.dataset)
        if self.dialect.load:
            self.loader.load(self.dataset, self._blocks(release))
            return self.compare(release)
        with release.open_file(NQUADS) as packed, gzip.open(packed) as lines:
            self._finish(release, (), _counted(lines, "engine", release.manifest.quads, self.tell))

    def change(self, held: Release, release: Release) -> bool:
        """Make what is in the dataset, the quads of the release ``held``, those of another, if they differ in little;
        returns whether they do. Raises ReleaseError where it does not hold just these then."""
        if not self.dialect.update:
            return False
        most = min(MOST_LINES, release.manifest.quads // SMALL)
        patch = list(islice(diff.patch(held, release), most + 2))
        if len(patch) == most + 2 and patch[-1][:2] != b"TC":
            return False
        own = _own(held)
        gone, new = ([line[2:] for line in patch if line[:2] == sign] for sign in (b"D ", b"A "))
        # Those of a graph together: each graph has a statement of its own.
        others = sorted((line for line in gone if line not in own), key=graph_of)
        self._finish(release, [*own, *others], new)
        return True

    def compare(self, release: Release, without: Collection[bytes] = ()) -> None:
        """Compare the dataset with a release, but for some lines, quad by quad. Raises ReleaseError where they
        differ."""
        comparison = Comparison(self.dialect.rewrites)
        comparison.quads = len(without)
        with release.open_file(NQUADS) as packed, gzip.open(packed) as lines:
            comparison.expect(line for line in lines if line not in without)
        try:
            with self._quads() as quads:
                given = islice(nquads.to_lines(quads), _MOST * release.manifest.quads + _CLEARED)
                comparison.meet(_counted(given, "compare", release.manifest.quads, self.tell))
        except (SyntaxError, ValueError) as error:
            raise ReleaseError(f"it gives something that is no N-Quads: {error}", where=self._where) from None
        if wrong := comparison.difference(release):
            remedy = "see to its configuration, then publish again; quoth releases load mends the current release"
            raise ReleaseError(wrong, where=self._where, remedy=remedy)

    def _finish(self, release: Release, gone: Iterable[bytes], new: Iterable[bytes]) -> None:
        """Take out some lines and add others, and at the very end what says which release it is."""
        own = _own(release)
        self._update("DELETE", gone)
        self._update("INSERT", (line for line in new if line not in own))
        self.compare(release, own)
        self._update("INSERT", own)

    def _update(self, how: str, lines: Iterable[bytes]) -> None:
        most = _CLEARED if how == "DELETE" else self.dialect.batch
        for groups in _batches(lines, self.dialect.batch, most):
            self.loader.update(self.dataset, _data(how, groups, self.dialect.default_graph))

    def _clear(self, graphs: Iterable[str]) -> None:
        self.loader.update(self.dataset, " ;\n".join(f"CLEAR SILENT GRAPH <{graph}>" for graph in graphs).encode())

    @contextmanager
    def _quads(self) -> Iterator[Iterator[ox.Quad]]:
        """All quads of the dataset, in some order."""
        if not self.dialect.content:
            yield self._pages()
            return
        asserted = ox.NamedNode(self.dialect.default_graph) if self.dialect.default_graph else None
        with self.loader.content(self.dataset) as content:
            quads = ox.parse(content, ox.RdfFormat.N_QUADS)
            yield (ox.Quad(*quad.triple) if quad.graph_name == asserted else quad for quad in quads)

    def _pages(self) -> Iterator[ox.Quad]:
        # A page that the server gave in another order than the one before would have quads twice, and lack others: the
        # comparison says so.
        for text in _READ:
            for offset in count(0, self.dialect.page):
                rows = self.engine.select(f"{text} OFFSET {offset} LIMIT {self.dialect.page}")
                yield from (ox.Quad(*row.values()) for row in rows)  # type: ignore[arg-type]
                if len(rows) < self.dialect.page:
                    break

    def _blocks(self, release: Release) -> Iterator[bytes]:
        """The dump of a release, unpacked."""
        total = sum(segment.uncompressed for segment in release.segments().get(NQUADS, ())) // _BLOCK_BYTES
        with release.open_file(NQUADS) as packed, gzip.open(packed) as plain:
            for number, lines in enumerate(iter(lambda: plain.readlines(_BLOCK_BYTES), [])):
                self.tell("engine", number, total)
                if asserted := self.dialect.default_graph:
                    end = f" <{asserted}> .\n".encode()
                    lines = [line[:-3] + end if graph_of(line) == DEFAULT_GRAPH else line for line in lines]
                yield b"".join(lines)

    @property
    def _where(self) -> str:
        return f"the engine at {self.dataset}"


def _own(release: Release) -> list[bytes]:
    """The lines in which a release says who it is; none for one of the first, which do not."""
    manifest = release.manifest
    if not release.says_who_it_is:
        return []
    return identity.lines(manifest.base, release.number, manifest.content_sha256, manifest.quads)


def _batches(lines: Iterable[bytes], most: int, most_graphs: int) -> Iterator[dict[bytes, list[bytes]]]:
    """Lines by their graphs, at most so many at once."""
    groups: dict[bytes, list[bytes]] = {}
    count = 0
    for line in lines:
        graph = graph_of(line)
        if count == most or (len(groups) == most_graphs and graph not in groups):
            yield groups
            groups, count = {}, 0
        groups.setdefault(graph, []).append(line)
        count += 1
    if groups:
        yield groups


def _data(how: str, graphs: Mapping[bytes, Sequence[bytes]], default_graph: str) -> bytes:
    """The update that adds or takes out quads: INSERT DATA or DELETE DATA (SPARQL 1.1 Update §3.1). Virtuoso takes out
    no literal with a language or a datatype where a statement names two graphs."""
    groups = []
    for graph, members in graphs.items():
        end = b" .\n" if graph == DEFAULT_GRAPH else b" " + graph + b" .\n"
        triples = b" .\n".join(line.removesuffix(end) for line in members) + b" .\n"
        name = f"<{default_graph}>".encode() if default_graph and graph == DEFAULT_GRAPH else graph
        groups.append(triples if name == DEFAULT_GRAPH else b"GRAPH " + name + b" {\n" + triples + b"}\n")
    statements = groups if how == "DELETE" else [b"".join(groups)]
    return b" ;\n".join(how.encode() + b" DATA {\n" + statement + b"}" for statement in statements)


def _counted(lines: Iterable[bytes], stage: str, total: int, tell: Progress) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        if number % 100_000 == 0:
            tell(stage, number, total)
        yield line
