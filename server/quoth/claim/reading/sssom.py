"""Reading linksets: SSSOM/TSV (https://mapping-commons.github.io/sssom/spec/), one file for each target, as quads.

A row says that an entity of ours matches one of another dataset, or does not (``predicate_modifier`` Not), and who says
so, when and why. The row becomes a mapping in the named graph ``<linkset#mappings>``; the mapping's IRI is made of its
subject, predicate and target, so that it stays when rows move. Unless a mapping is negated, or found nothing
(sssom:NoTermFound), its bare triple stands in the default graph too. shapes/links.ttl says what a linkset may hold.

Slots that have no place in a linkset, and slots that SSSOM does not have, are passed over, as a note or a warning says;
so is the mapping of a literal, which links nothing.

SSSOM has no relative IRIs. The part of ``mapping_set_id`` before ``id/linkset/`` is the file's own base; IRIs under it
become IRIs of the dataset that is published, as the relative IRIs of other documents do.

Later checks of a linkset (sssom_status.py) are in a file beside it, which only has rows about mappings of the linkset;
they go into the graph of the mappings.
"""

import difflib
import functools
import hashlib
import re
from collections.abc import Mapping, Set
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SSSOM, VOID, QuadTerm
from quoth.claim.model.report import Finding
from quoth.claim.reading import sssom_status, sssom_table
from quoth.claim.reading.size_limit import SizeLimit
from quoth.claim.reading.sssom_slots import (
    MULTIVALUED,
    PROPAGATED,
    ROW_SLOTS,
    ROW_STANDARD,
    SET_SLOTS,
    SET_STANDARD,
    VERSIONS,
    values,
)
from quoth.claim.reading.sssom_table import Sheet, SheetRow
from quoth.errors import DocumentError

SUFFIX, METADATA_SUFFIX = ".sssom.tsv", ".sssom.yml"
NO_TERM = SSSOM.NoTermFound
_DEFAULT = ox.DefaultGraph()
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_ENDS = ("subject", "object")
_LITERAL = "rdfs literal"
"""The ``subject_type`` or ``object_type`` of what has no identifier (SSSOM, Literal mappings)."""


def read(text: str, path: Path, base: str, checks: str | None = None) -> "Linkset":
    """The mappings of one file, for a dataset with that base, and the status that later ``checks`` gave them.

    A row that cannot be read is a finding, and left out. Raises DocumentError (file:line) where the file as a whole
    cannot be read: its header is not YAML or does not name the set, its table has no columns, or it is too large when
    its prefixes are written out.
    """
    linkset = Linkset(sssom_table.parse(text, path, base), path, base, SizeLimit(path, len(text)))
    linkset.read_header()
    linkset.check_columns()
    for row, record in zip(linkset.sheet.rows, linkset.sheet.records(), strict=True):
        linkset.read_row(row, record)
    if checks is not None:
        linkset.read_status(checks, status_file(path))
    return linkset


def status_file(path: Path) -> Path:
    """The file with the checks of a linkset."""
    name = path.name[: -len(SUFFIX)] if path.name.lower().endswith(SUFFIX) else path.stem
    return path.with_name(name + sssom_status.SUFFIX)


def is_metadata(path: Path) -> bool:
    """Whether a file is the metadata of a table in a file of its own."""
    return path.name.lower().endswith(METADATA_SUFFIX)


def is_table(path: Path) -> bool:
    """Whether a file may be a table: its name need not say more (SSSOM/TSV)."""
    return path.name.lower().endswith(".tsv") and not path.name.lower().endswith(sssom_status.SUFFIX)


class Linkset:
    """The content of a file: its quads, the line on which each IRI first stands, and findings about its cells.

    ``own``: the slots of which any row has a value of its own."""

    def __init__(self, sheet: Sheet, path: Path, base: str, limit: SizeLimit) -> None:
        self.limit = limit
        self.quads: list[ox.Quad] = []
        self.lines: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.sheet = sheet
        self.own = {name for record in sheet.records() for name, cell in record.items() if cell.strip()}
        self.path = path
        self.base = base
        self.mappings: dict[tuple[str, ...], list[ox.NamedNode]] = {}
        self.said: dict[frozenset[tuple[QuadTerm, ...]], int] = {}
        self.extensions = frozenset(sheet.extensions)
        self.linkset = ox.NamedNode(sheet.linkset)
        self.graph = ox.NamedNode(f"{self.linkset.value}#mappings")

    def report(self, line: int, message: str, remedy: str | None, **more: Any) -> None:
        """Add a finding about the table, or about another ``file``."""
        finding = Finding(message, "linkset", remedy=remedy or "", file=str(self.path), line=line)
        self.findings.append(replace(finding, **more))

    def read_header(self) -> None:
        """Turn the metadata into statements about the set, in the default graph."""
        self.lines[self.linkset.value] = self.lines[self.graph.value] = 1
        self.quads += [
            ox.Quad(self.linkset, RDF.type, VOID.Linkset),
            ox.Quad(self.linkset, DCTERMS.source, self.graph),
            ox.Quad(self.graph, RDF.type, SSSOM.MappingSet),
        ]
        for name in SET_SLOTS.keys() & self.sheet.header.keys():
            predicate, kind = SET_SLOTS[name]
            for text in self.sheet.header[name]:
                try:
                    term = self.sheet.terms.term(kind, text)
                except DocumentError as error:
                    line, file = self.sheet.lines[name], str(self.sheet.metadata)
                    self.report(line, f"{name}: {error.detail}", error.remedy, file=file)
                else:
                    self.add(self.linkset, predicate, term)
        used = SET_SLOTS.keys() | {"sssom_version", "mapping_set_id", "curie_map", "extension_definitions", *PROPAGATED}
        self.pass_over("key", {name: self.sheet.lines[name] for name in self.sheet.header}, used, SET_STANDARD)

    def check_columns(self) -> None:
        columns, line = self.sheet.columns, len(self.sheet.head) + 1
        where = f"{self.path}:{line}"
        for name in _NEEDED:
            optional = {f"{end}_id" for end in _ENDS if f"{end}_type" in {*columns, *self.sheet.header}}
            if name not in columns and name not in optional:
                raise DocumentError(f"there is no column {name}", where=where, remedy=f"SSSOM has {', '.join(_NEEDED)}")
        if twice := next((name for name in columns if columns.count(name) > 1), None):
            raise DocumentError(
                f"the column {shortened(twice)} occurs twice", where=where, remedy="keep one of the two"
            )
        self.pass_over("column", dict.fromkeys(columns, line), ROW_SLOTS.keys(), ROW_STANDARD)

    def pass_over(self, kind: str, lines: Mapping[str, int], used: Set[str], standard: Set[str]) -> None:
        """Say which keys or columns, with their lines, become no statements: SSSOM has readers discard what they do not
        know. One that may be misspelt is a warning."""
        file = str(self.path if kind == "column" else self.sheet.metadata)
        names = [name for name in lines if name not in used]
        strange = [n for n in names if n not in standard and not n.startswith("ext_") and n not in self.extensions]
        for name in strange:
            near = difflib.get_close_matches(name, used, 1, 0.75)
            remedy = f"did you mean {near[0]}?" if near else f"take it out, or use {', '.join(sorted(used))}"
            message = f"the {kind} {shortened(name)!r} is not a slot of SSSOM {VERSIONS[-1]}, and is ignored"
            self.report(lines[name], message, remedy, rule="linkset-slot", severity="Warning", file=file)
        if rest := [name for name in names if name not in strange]:
            message = f"these are not published: {shortened(', '.join(rest), 1000)}"
            self.report(lines[rest[0]], message, None, rule="linkset-slot", severity="Info", file=file)

    @functools.cached_property
    def inherited(self) -> dict[str, str]:
        """The values of the whole set that each row has, since none has one of its own (SSSOM, Propagation)."""
        names = (name for name in (*PROPAGATED, "subject_type", "object_type") if name not in self.own)
        return {name: self.sheet.header[name][0] for name in names if self.sheet.header.get(name)}

    def read_row(self, sheet_row: SheetRow, record: Mapping[str, str]) -> None:
        columns, cells, line = self.sheet.columns, sheet_row.cells, sheet_row.line
        if any(cell.strip() for cell in cells[len(columns) :]):
            self.report(line, f"the row has {len(cells)} cells under {len(columns)} columns", "fix its tabs")
            return
        row = self.inherited | {name: cell.strip() for name, cell in record.items() if cell.strip()}
        if any(row.get(f"{end}_type") == _LITERAL for end in _ENDS):
            message = "the mapping of a literal is ignored: it links nothing"
            self.report(line, message, "give the literal an identifier", rule="linkset-slot", severity="Warning")
            return
        terms: dict[str, list[QuadTerm]] = {}
        for name, (_, kind) in ROW_SLOTS.items():
            cell = row.get(name, "")
            try:
                several = values(cell) if name in MULTIVALUED else [cell]
                if len(several) > sssom_table.MAX_VALUES:
                    raise DocumentError(f"a cell has more than {sssom_table.MAX_VALUES:,} values", remedy="keep fewer")
                terms[name] = [self.sheet.terms.term(kind, v) for v in several if v]
                if name in _NEEDED and not terms[name]:
                    raise DocumentError("nothing is there", remedy="fill it in, or take the row out")
            except DocumentError as error:
                self.report(line, f"{name}: {error.detail}", error.remedy)
                terms.pop(name, None)
        if terms.keys() == ROW_SLOTS.keys():
            self.add_mapping(terms, line)

    def add(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: QuadTerm, graph: QuadTerm = _DEFAULT) -> None:
        self.keep(ox.Quad(subject, predicate, value, graph))  # type: ignore[arg-type]

    def keep(self, *quads: ox.Quad) -> None:
        for quad in quads:
            self.limit.take(quad)
            self.quads.append(quad)

    def add_mapping(self, terms: Mapping[str, list[QuadTerm]], line: int) -> None:
        """Add the mapping of a row, and the bare triple."""
        [subject], [predicate], [target] = (terms[n] for n in ("subject_id", "predicate_id", "object_id"))
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(predicate, ox.NamedNode)
        assert isinstance(target, ox.NamedNode)
        negated = bool(terms["predicate_modifier"])
        iri = self.mapping_iri(subject.value, predicate.value, target.value, negated)
        content = frozenset((ROW_SLOTS[name][0], term) for name in terms for term in terms[name])
        if (earlier := self.said.setdefault(content, line)) != line:
            self.report(line, f"the row repeats line {earlier}", "keep one of the two", focus=iri)
            return
        if iri in self.lines:  # another mapping of the two, found in another way or by somebody else
            said = "\n".join(sorted(f"{predicate} {term}" for predicate, term in content))
            iri = f"{iri}/{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        mapping = ox.NamedNode(iri)
        self.mappings.setdefault((subject.value, predicate.value, target.value), []).append(mapping)
        for node in (mapping, subject, target):
            self.lines.setdefault(node.value, line)
        self.add(mapping, RDF.type, SSSOM.Mapping, self.graph)
        for slot, term in ((ROW_SLOTS[name][0], term) for name in terms for term in terms[name]):
            self.add(mapping, slot, term, self.graph)
        if predicate == SCHEMA.identifier and target != NO_TERM:
            self.add_property_value(target, terms["object_source"])
        if not negated and not any(end.value.startswith(SSSOM.iri) for end in (subject, target)):
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
            mappings = self.mappings.get(link, [])  # the history of a row stays when the row is taken out
            self.keep(*(quad for mapping in mappings for quad in status.quads(mapping, self.graph)))
            warning = status.warning(path)
            self.findings += [warning] if warning and mappings else []

    def mapping_iri(self, subject: str, predicate: str, target: str, negated: bool) -> str:
        """The IRI of a mapping, made of its parts: ``<linkset#org/isi/not-exactMatch/Q6044705>``."""
        terms = self.sheet.terms
        spaces = (space for space in terms.prefixes.values() if target.startswith(terms.rebased(space)))
        local = target.removeprefix(terms.rebased(max(spaces, key=len, default=""))).strip("/")
        relation = ("not-" if negated else "") + re.split(r"[/#]", predicate)[-1]
        parts = (subject.removeprefix(f"{self.base}id/"), relation, local)
        return f"{self.linkset.value}#{'/'.join(quote(p, safe='/,.:@!()~*') for p in parts)}"
