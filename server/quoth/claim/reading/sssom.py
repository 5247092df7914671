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
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SSSOM, VOID, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.reading import sssom_status, sssom_table
from quoth.claim.reading.sssom_slots import ROW_SLOTS, SET_SLOTS
from quoth.claim.reading.sssom_table import Sheet, SheetRow
from quoth.errors import DocumentError

SUFFIX = ".sssom.tsv"
NO_TERM = SSSOM.NoTermFound
_DEFAULT = ox.DefaultGraph()
_MANY = frozenset({"author_id", "creator_id", "reviewer_id", "see_also"})
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_PROPAGATED = ("object_source", "mapping_date")
"""Slots of the whole set that its rows inherit, unless they have a column for it (SSSOM, propagation of slots)."""


def read(text: str, path: Path, base: str, checks: str | None = None) -> "Linkset":
    """The mappings of one file, for a dataset with that base, and the status that later ``checks`` gave them.

    A row that cannot be read is a finding, and left out. Raises DocumentError (file:line) where the file as a whole
    cannot be read: its header is not YAML or does not name the set, or its table has no columns.
    """
    linkset = Linkset(sssom_table.parse(text, path, base), path, base)
    linkset.read_header()
    linkset.check_columns()
    for row in linkset.sheet.rows:
        linkset.read_row(row)
    if checks is not None:
        linkset.read_status(checks, status_file(path))
    return linkset


def status_file(path: Path) -> Path:
    """The file with the checks of a linkset."""
    return path.with_name(path.name.removesuffix(SUFFIX) + sssom_status.SUFFIX)


class Linkset:
    """The content of a file: its quads, the line on which each IRI first stands, and findings about its cells."""

    def __init__(self, sheet: Sheet, path: Path, base: str) -> None:
        self.quads: list[ox.Quad] = []
        self.lines: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.sheet = sheet
        self.path = path
        self.base = base
        self.header = {str(k): v for k, v in sheet.header.items()}
        self.mappings: dict[tuple[str, ...], ox.NamedNode] = {}
        self.mapping_lines: dict[str, int] = {}
        self.linkset = ox.NamedNode(sheet.linkset)
        self.graph = ox.NamedNode(f"{self.linkset.value}#mappings")

    def report(self, line: int, message: str, remedy: str | None, focus: str = "") -> None:
        self.findings.append(
            Finding(message, "linkset", focus=focus, remedy=remedy or "", file=str(self.path), line=line)
        )

    def read_header(self) -> None:
        """Turn the header into statements about the set, in the default graph."""
        places = self.sheet.header.lc.data or {}
        lines = {str(k): places.get(k, (0,))[0] + 1 for k in self.sheet.header}
        self.lines[self.linkset.value] = self.lines[self.graph.value] = 1
        self.quads += [
            ox.Quad(self.linkset, RDF.type, VOID.Linkset),
            ox.Quad(self.linkset, DCTERMS.source, self.graph),
            ox.Quad(self.graph, RDF.type, SSSOM.MappingSet),
        ]
        for name, value in self.header.items():
            if name in SET_SLOTS:
                predicate, kind = SET_SLOTS[name]
                for item in value if isinstance(value, list) else [value]:
                    try:
                        self.add(self.linkset, predicate, self.sheet.terms.term(kind, str(item)))
                    except DocumentError as error:
                        self.report(lines[name], f"{name}: {error.detail}", error.remedy)
            elif name not in ("mapping_set_id", "curie_map", *_PROPAGATED):
                message = f"the key {name!r} of the header is not read"
                self.report(lines[name], message, f"use {', '.join(SET_SLOTS)}")

    def check_columns(self) -> None:
        columns, line = self.sheet.columns, len(self.sheet.head) + 1
        for name in _NEEDED:
            if name not in columns:
                remedy = f"a table has {', '.join(_NEEDED)}"
                raise DocumentError(f"there is no column {name}", where=f"{self.path}:{line}", remedy=remedy)
        for name in columns:
            if name in _PROPAGATED and name in self.header:
                self.report(line, f"the key {name} of the header is also a column", "keep one of the two")
            if name not in ROW_SLOTS:
                self.report(line, f"the column {name!r} is not read", f"use {', '.join(ROW_SLOTS)}")
            elif columns.count(name) > 1:
                raise DocumentError(f"the column {name} stands twice", where=f"{self.path}:{line}")

    def read_row(self, sheet_row: SheetRow) -> None:
        columns, cells, line = self.sheet.columns, sheet_row.cells, sheet_row.line
        if len(cells) != len(columns):
            self.report(line, f"the row has {len(cells)} cells under {len(columns)} columns", "fix its tabs")
            return
        row = {name: str(self.header.get(name, "")) for name in _PROPAGATED}
        row.update((name, cell.strip()) for name, cell in zip(columns, cells, strict=True) if cell.strip())
        values: dict[str, list[QuadTerm]] = {}
        for name, (_, kind) in ROW_SLOTS.items():
            texts = [v.strip() for v in row.get(name, "").split("|")] if name in _MANY else [row.get(name, "")]
            try:
                values[name] = [self.sheet.terms.term(kind, v) for v in texts if v]
                if name in _NEEDED and not values[name]:
                    raise DocumentError("nothing is there", remedy="fill it in, or take the row out")
            except DocumentError as error:
                self.report(line, f"{name}: {error.detail}", error.remedy)
                values.pop(name, None)
        if values.keys() == ROW_SLOTS.keys():
            self.add_mapping(values, line)

    def add(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: QuadTerm, graph: QuadTerm = _DEFAULT) -> None:
        self.quads.append(ox.Quad(subject, predicate, value, graph))  # type: ignore[arg-type]

    def add_mapping(self, values: Mapping[str, list[QuadTerm]], line: int) -> None:
        """Add the mapping of a row, and the bare triple."""
        [subject], [predicate], [target] = (values[n] for n in ("subject_id", "predicate_id", "object_id"))
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(predicate, ox.NamedNode)
        assert isinstance(target, ox.NamedNode)
        negated = bool(values["predicate_modifier"])
        mapping = ox.NamedNode(self.mapping_iri(subject.value, predicate.value, target.value, negated))
        if (earlier := self.mapping_lines.setdefault(mapping.value, line)) != line:
            self.report(line, f"the row says what line {earlier} says", "keep one of the two", mapping.value)
            return
        self.mappings[subject.value, predicate.value, target.value] = mapping
        for node in (mapping, subject, target):
            self.lines.setdefault(node.value, line)
        self.add(mapping, RDF.type, SSSOM.Mapping, self.graph)
        for name, terms in values.items():
            for term in terms:
                self.add(mapping, ROW_SLOTS[name][0], term, self.graph)
        if predicate == SCHEMA.identifier and target != NO_TERM:
            self.add_property_value(target, values["object_source"])
        if not negated and target != NO_TERM:
            self.add(subject, predicate, target)

    def add_property_value(self, target: ox.NamedNode, source: list[QuadTerm]) -> None:
        """Add an entry of a list as a property value: schema.org's form for an identifier with its scheme."""
        value = ox.Literal(re.split(r"[#/]", target.value.rstrip("/"))[-1])
        self.add(target, RDF.type, SCHEMA.PropertyValue)
        self.add(target, RDFS.label, value)
        self.add(target, SCHEMA.value, value)
        for scheme in source:
            self.add(target, SCHEMA.propertyID, scheme)

    def read_status(self, checks: str, path: Path) -> None:
        """Add the latest status of each mapping that was checked; an alarming status is a warning."""
        for link, status in sssom_status.latest(sssom_status.read(checks, path, self.sheet.terms)).items():
            mapping = self.mappings.get(link)
            if mapping is not None:  # the history of a row stays when the row is taken out of the linkset
                self.quads += status.quads(mapping, self.graph)
                warning = status.warning(path)
                self.findings += [warning] if warning else []

    def mapping_iri(self, subject: str, predicate: str, target: str, negated: bool) -> str:
        """The IRI of a mapping, made of its parts: ``<linkset#org/isi/not-exactMatch/Q6044705>``."""
        terms = self.sheet.terms
        spaces = (space for space in terms.prefixes.values() if target.startswith(terms.rebased(space)))
        local = target.removeprefix(terms.rebased(max(spaces, key=len, default=""))).strip("/")
        relation = ("not-" if negated else "") + re.split(r"[/#]", predicate)[-1]
        parts = (subject.removeprefix(f"{self.base}id/"), relation, local)
        return f"{self.linkset.value}#{'/'.join(quote(p, safe='/,.:@!()~*') for p in parts)}"
