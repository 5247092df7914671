"""Reading linksets: SSSOM/TSV (https://mapping-commons.github.io/sssom/spec/), one file for each target, as quads.

A row says that an entity of ours matches one of another dataset, or does not (``predicate_modifier`` Not), and who says
so, when and why. The row becomes a mapping in the named graph ``<linkset#mappings>``; the mapping's IRI is made of its
subject, predicate and target, so that it stays when rows move. Unless a mapping is negated, or found nothing
(sssom:NoTermFound), its bare triple stands in the default graph too. shapes/links.ttl says what a linkset may hold.

SSSOM has no relative IRIs. The part of ``mapping_set_id`` before ``id/linkset/`` is the file's own base; IRIs under it
become IRIs of the dataset that is published, as the relative IRIs of other documents do.

Later checks of a linkset (sssom_status.py) are in a file beside it, which only has rows about mappings of the linkset;
they go into the graph of the mappings.
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
class Linkset:
    """The content of a file: its quads, the line on which each IRI first stands, and findings about its cells."""

    quads: list[ox.Quad] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(text: str, path: Path, base: str, checks: str | None = None) -> Linkset:
    """The mappings of one file, for a dataset with that base, and the status that later ``checks`` gave them.

    A row that cannot be read is a finding, and left out. Raises DocumentError (file:line) where the file as a whole
    cannot be read: its header is not YAML or does not name the set, or its table has no columns.
    """
    reader = _Reader(sssom_table.read(text, path, base), path, base)
    reader.read()
    if checks is not None:
        reader.read_status(checks, status_file(path))
    return reader.result


def status_file(path: Path) -> Path:
    """The file with the checks of a linkset."""
    return path.with_name(path.name.removesuffix(SUFFIX) + sssom_status.SUFFIX)


class _Reader:
    """Reads one file into ``result``."""

    def __init__(self, sheet: Sheet, path: Path, base: str) -> None:
        self.path = path
        self.base = base
        self.sheet = sheet
        self.header = {str(k): v for k, v in sheet.header.items()}
        places = sheet.header.lc.data or {}
        self.header_lines = {str(k): places.get(k, (0,))[0] + 1 for k in sheet.header}
        self.result = Linkset()
        self.mapping_lines: dict[str, int] = {}
        self.mappings: dict[tuple[str, ...], ox.NamedNode] = {}
        self.terms = sheet.terms
        self.linkset = ox.NamedNode(sheet.linkset)
        self.graph = ox.NamedNode(f"{self.linkset.value}#mappings")

    def read(self) -> None:
        self.read_header()
        self.check_columns(self.sheet.columns, self.sheet.top + 1)
        for row in self.sheet.rows:
            self.read_row(self.sheet.columns, row.cells, row.line)

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
                self.report(CellError(f"the key {name} of the header is also a column", "keep one of the two"), line)
            if name not in ROW_SLOTS:
                self.report(CellError(f"the column {name!r} is not read", f"use {', '.join(ROW_SLOTS)}"), line)
            elif columns.count(name) > 1:
                raise DocumentError(f"the column {name} stands twice", where=f"{self.path}:{line}")

    def report(self, error: CellError, line: int, focus: str = "") -> None:
        self.result.findings.append(
            Finding(error.message, "linkset", focus=focus, remedy=error.remedy, file=str(self.path), line=line)
        )

    def read_header(self) -> None:
        """Turn the header into statements about the set, in the default graph."""
        add = self.result.quads.append
        self.result.lines[self.linkset.value] = self.result.lines[self.graph.value] = 1
        add(ox.Quad(self.linkset, RDF.type, VOID.Linkset))
        add(ox.Quad(self.linkset, DCTERMS.source, self.graph))
        add(ox.Quad(self.graph, RDF.type, SSSOM.MappingSet))
        for name, value in self.header.items():
            if name in SET_SLOTS:
                predicate, kind = SET_SLOTS[name]
                for item in value if isinstance(value, list) else [value]:
                    try:
                        add(ox.Quad(self.linkset, predicate, self.terms.term(kind, str(item))))  # type: ignore[arg-type]
                    except CellError as error:
                        self.report(CellError(f"{name}: {error.message}", error.remedy), self.header_lines[name])
            elif name not in ("mapping_set_id", "curie_map", *_PROPAGATED):
                self.report(
                    CellError(f"the key {name!r} of the header is not read", f"use {', '.join(SET_SLOTS)}"),
                    self.header_lines[name],
                )

    def read_row(self, columns: list[str], cells: list[str], line: int) -> None:
        if len(cells) != len(columns):
            self.report(
                CellError(f"the row has {len(cells)} cells under {len(columns)} columns", "mend its tabs"), line
            )
            return
        row = {name: str(self.header.get(name, "")) for name in _PROPAGATED}
        row.update((name, cell.strip()) for name, cell in zip(columns, cells, strict=True) if cell.strip())
        values: dict[str, list[QuadTerm]] = {}
        readable = True
        for name, (_, kind) in ROW_SLOTS.items():
            texts = [v.strip() for v in row.get(name, "").split("|")] if name in _MANY else [row.get(name, "")]
            try:
                values[name] = [self.terms.term(kind, v) for v in texts if v]
                if name in _NEEDED and not values[name]:
                    raise CellError("nothing is there", "fill it in, or take the row out")
            except CellError as error:
                self.report(CellError(f"{name}: {error.message}", error.remedy), line)
                readable = False
        if readable:
            self.add_mapping(values, line)

    def add_mapping(self, values: Mapping[str, list[QuadTerm]], line: int) -> None:
        """Add the mapping of a row, and the bare triple."""
        [subject], [predicate], [target] = (values[n] for n in ("subject_id", "predicate_id", "object_id"))
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(predicate, ox.NamedNode)
        assert isinstance(target, ox.NamedNode)
        mapping = ox.NamedNode(
            self.mapping_iri(subject.value, predicate.value, target.value, bool(values["predicate_modifier"]))
        )
        if mapping.value in self.mapping_lines:
            error = CellError(f"the row says what line {self.mapping_lines[mapping.value]} says", "keep one of the two")
            self.report(error, line, mapping.value)
            return
        self.mapping_lines[mapping.value] = line
        self.mappings[subject.value, predicate.value, target.value] = mapping
        for node in (mapping, subject, target):
            self.result.lines.setdefault(node.value, line)
        add = self.result.quads.append
        add(ox.Quad(mapping, RDF.type, SSSOM.Mapping, self.graph))
        for name, terms in values.items():
            for term in terms:
                add(ox.Quad(mapping, ROW_SLOTS[name][0], term, self.graph))  # type: ignore[arg-type]
        if predicate == SCHEMA.identifier and target != NO_TERM:
            self.result.quads += self.property_value(target, values["object_source"])
        if not values["predicate_modifier"] and target != NO_TERM:
            add(ox.Quad(subject, predicate, target))

    def read_status(self, checks: str, path: Path) -> None:
        """Add the latest status of each mapping that was checked; an alarming status is a warning."""
        for link, status in sssom_status.latest(sssom_status.read(checks, path, self.terms)).items():
            mapping = self.mappings.get(link)
            if mapping is not None:  # the history of a row stays when the row is taken out of the linkset
                self.result.quads += status.quads(mapping, self.graph)
                warning = status.warning(path)
                self.result.findings += [warning] if warning else []

    def mapping_iri(self, subject: str, predicate: str, target: str, negated: bool) -> str:
        """The IRI of a mapping, made of its parts: ``<linkset#org/isi/not-exactMatch/Q6044705>``."""
        space = max(
            (p for p in self.terms.prefixes.values() if target.startswith(self.terms.rebased(p))), key=len, default=""
        )
        local = target.removeprefix(self.terms.rebased(space)).strip("/")
        relation = ("not-" if negated else "") + re.split(r"[/#]", predicate)[-1]
        parts = (subject.removeprefix(f"{self.base}id/"), relation, local)
        return f"{self.linkset.value}#{'/'.join(quote(p, safe='/,.:@!()~*') for p in parts)}"

    def property_value(self, target: ox.NamedNode, source: list[QuadTerm]) -> Iterator[ox.Quad]:
        """An entry of a list as a property value: schema.org's form for an identifier together with its scheme."""
        value = re.split(r"[#/]", target.value.rstrip("/"))[-1]
        yield ox.Quad(target, RDF.type, SCHEMA.PropertyValue)
        yield ox.Quad(target, RDFS.label, ox.Literal(value))
        yield ox.Quad(target, SCHEMA.value, ox.Literal(value))
        yield from (ox.Quad(target, SCHEMA.propertyID, s) for s in source if isinstance(s, ox.NamedNode))
