"""Reading linksets: SSSOM/TSV (https://mapping-commons.github.io/sssom/spec/), one file for each target, as quads.

A row says that an entity of ours matches something elsewhere, or by ``predicate_modifier`` Not that it does not, and
who says so, when and why. It becomes a mapping in the named graph ``<linkset#mappings>``, with an IRI that is made of
what it says, so that it stays when rows move. Unless it is negated, or found nothing (sssom:NoTermFound), its bare
triple stands in the default graph too. What a linkset holds is read here; what it may hold is in shapes/links.ttl.

SSSOM has no relative IRIs. The file's own base is what its ``mapping_set_id`` has before ``id/linkset/``; IRIs under it
are taken for IRIs of the dataset that is published, as the relative IRIs of other documents are.

Later checks of a linkset (status.py) stand beside it. Such a file holds nothing that its linkset does not name; what
it says goes into the graph of the mappings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SSSOM, VOID, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.reading import sssom_status, sssom_table
from quoth.claim.reading.sssom_slots import ROW_SLOTS, SET_SLOTS, CellError
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError

SUFFIX = ".sssom.tsv"
NO_TERM = SSSOM.NoTermFound
_MANY = frozenset({"author_id", "creator_id", "reviewer_id", "see_also"})
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_PROPAGATED = ("object_source", "mapping_date")
"""Slots of the whole set that its rows inherit, unless they have a column for it (SSSOM, propagation of slots)."""


@dataclass
class Reading:
    """What a file says, on which line each IRI first stands, and what is wrong with its cells."""

    quads: list[ox.Quad] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(text: str, path: Path, base: str, checks: str | None = None) -> Reading:
    """The mappings of one file, for a dataset with that base, and the status that later ``checks`` gave them.

    A row that cannot be read is a finding, and left out. Raises DocumentError (file:line) where the file as a whole
    cannot be read: its header is not YAML, says not which set it is, or its table has no columns.
    """
    file = _File(sssom_table.read(text, path, base), path, base)
    file.read()
    if checks is not None:
        file.say_status(checks, status_file(path))
    return file.reading


def status_file(path: Path) -> Path:
    """Where the checks of a linkset are."""
    return path.with_name(path.name.removesuffix(SUFFIX) + sssom_status.SUFFIX)


class _File:
    def __init__(self, written: Sheet, path: Path, base: str) -> None:
        self.path = path
        self.base = base
        self.sheet = written
        self.header = {str(k): v for k, v in written.header.items()}
        places = written.header.lc.data or {}
        self.at = {str(k): places.get(k, (0,))[0] + 1 for k in written.header}
        self.reading = Reading()
        self.seen: dict[str, int] = {}
        self.mappings: dict[tuple[str, ...], ox.NamedNode] = {}
        self.terms = written.terms
        self.linkset = ox.NamedNode(written.linkset)
        self.graph = ox.NamedNode(f"{self.linkset.value}#mappings")

    def read(self) -> None:
        self.say_set()
        self.check_columns(self.sheet.columns, self.sheet.top + 1)
        for row in self.sheet.rows:
            self.row(self.sheet.columns, row.cells, row.line)

    def check_columns(self, columns: list[str], line: int) -> None:
        for name in _NEEDED:
            if name not in columns:
                raise DocumentError(
                    f"there is no column {name}",
                    where=f"{self.path}:{line}",
                    remedy=f"a table has {', '.join(_NEEDED)}",
                )
        for name in columns:
            if name in _PROPAGATED and name in self.header:
                self.found(CellError(f"the key {name} of the header is also a column", "keep one of the two"), line)
            if name not in ROW_SLOTS:
                self.found(CellError(f"the column {name!r} is not read", f"use {', '.join(ROW_SLOTS)}"), line)
            elif columns.count(name) > 1:
                raise DocumentError(f"the column {name} stands twice", where=f"{self.path}:{line}")

    def found(self, bad: CellError, line: int, focus: str = "") -> None:
        self.reading.findings.append(
            Finding(bad.message, "linkset", focus=focus, remedy=bad.remedy, file=str(self.path), line=line)
        )

    def say_set(self) -> None:
        """What the header says of the set: statements of the default graph."""
        say = self.reading.quads.append
        self.reading.lines[self.linkset.value] = self.reading.lines[self.graph.value] = 1
        say(ox.Quad(self.linkset, RDF.type, VOID.Linkset))
        say(ox.Quad(self.linkset, DCTERMS.source, self.graph))
        say(ox.Quad(self.graph, RDF.type, SSSOM.MappingSet))
        for name, value in self.header.items():
            if name in SET_SLOTS:
                predicate, kind = SET_SLOTS[name]
                for one in value if isinstance(value, list) else [value]:
                    try:
                        say(ox.Quad(self.linkset, predicate, self.terms.term(kind, str(one))))  # type: ignore[arg-type]
                    except CellError as bad:
                        self.found(CellError(f"{name}: {bad.message}", bad.remedy), self.at[name])
            elif name not in ("mapping_set_id", "curie_map", *_PROPAGATED):
                self.found(
                    CellError(f"the key {name!r} of the header is not read", f"use {', '.join(SET_SLOTS)}"),
                    self.at[name],
                )

    def row(self, columns: list[str], cells: list[str], line: int) -> None:
        if len(cells) != len(columns):
            self.found(CellError(f"the row has {len(cells)} cells under {len(columns)} columns", "mend its tabs"), line)
            return
        row = {name: str(self.header.get(name, "")) for name in _PROPAGATED}
        row.update((name, cell.strip()) for name, cell in zip(columns, cells, strict=True) if cell.strip())
        values: dict[str, list[QuadTerm]] = {}
        bad = False
        for name, (_, kind) in ROW_SLOTS.items():
            written = [v.strip() for v in row.get(name, "").split("|")] if name in _MANY else [row.get(name, "")]
            try:
                values[name] = [self.terms.term(kind, v) for v in written if v]
                if name in _NEEDED and not values[name]:
                    raise CellError("nothing is there", "fill it in, or take the row out")
            except CellError as error:
                self.found(CellError(f"{name}: {error.message}", error.remedy), line)
                bad = True
        if not bad:
            self.say_row(values, line)

    def say_row(self, values: Mapping[str, list[QuadTerm]], line: int) -> None:
        """The mapping of a row, and the triple that it stands for."""
        [subject], [predicate], [target] = (values[n] for n in ("subject_id", "predicate_id", "object_id"))
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(predicate, ox.NamedNode)
        assert isinstance(target, ox.NamedNode)
        mapping = ox.NamedNode(
            self.name(subject.value, predicate.value, target.value, bool(values["predicate_modifier"]))
        )
        if mapping.value in self.seen:
            bad = CellError(f"the row says what line {self.seen[mapping.value]} says", "keep one of the two")
            self.found(bad, line, mapping.value)
            return
        self.seen[mapping.value] = line
        self.mappings[subject.value, predicate.value, target.value] = mapping
        for node in (mapping, subject, target):
            self.reading.lines.setdefault(node.value, line)
        say = self.reading.quads.append
        say(ox.Quad(mapping, RDF.type, SSSOM.Mapping, self.graph))
        for name, terms in values.items():
            for term in terms:
                say(ox.Quad(mapping, ROW_SLOTS[name][0], term, self.graph))  # type: ignore[arg-type]
        if predicate == SCHEMA.identifier and target != NO_TERM:
            self.reading.quads += self.identifier(target, values["object_source"])
        if not values["predicate_modifier"] and target != NO_TERM:
            say(ox.Quad(subject, predicate, target))

    def say_status(self, checks: str, path: Path) -> None:
        """The latest status of each mapping that was checked; what is alarming is a warning."""
        for link, found in sssom_status.latest(sssom_status.read(checks, path, self.terms)).items():
            mapping = self.mappings.get(link)
            if mapping is not None:  # a row that was taken out of the linkset since keeps its history
                self.reading.quads += found.quads(mapping, self.graph)
                warning = found.warning(path)
                self.reading.findings += [warning] if warning else []

    def name(self, subject: str, predicate: str, target: str, negated: bool) -> str:
        """The IRI of a mapping, made of what it says: ``<linkset#org/isi/not-exactMatch/Q6044705>``."""
        space = max(
            (p for p in self.terms.prefixes.values() if target.startswith(self.terms.rebased(p))), key=len, default=""
        )
        local = target.removeprefix(self.terms.rebased(space)).strip("/")
        said = ("not-" if negated else "") + re.split(r"[/#]", predicate)[-1]
        parts = (subject.removeprefix(f"{self.base}id/"), said, local)
        return f"{self.linkset.value}#{'/'.join(quote(p, safe='/,.:@!()~*') for p in parts)}"

    def identifier(self, target: ox.NamedNode, source: list[QuadTerm]) -> Iterator[ox.Quad]:
        """An entry of a list, as a property value: schema.org's way to give an identifier with what it is one of."""
        value = re.split(r"[#/]", target.value.rstrip("/"))[-1]
        yield ox.Quad(target, RDF.type, SCHEMA.PropertyValue)
        yield ox.Quad(target, RDFS.label, ox.Literal(value))
        yield ox.Quad(target, SCHEMA.value, ox.Literal(value))
        yield from (ox.Quad(target, SCHEMA.propertyID, s) for s in source if isinstance(s, ox.NamedNode))
