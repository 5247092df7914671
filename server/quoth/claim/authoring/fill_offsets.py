"""Filling offsets into a document, for the anchors that have only their quotation."""

import contextlib
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from ruamel.yaml.comments import CommentedMap

from quoth.claim.authoring import mention_places
from quoth.claim.authoring.spans import Span, unique_anchor
from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Anchor, Texts, places
from quoth.claim.checking.nearest_words import TextSearch
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import OA, RDF
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import document, yaml_syntax
from quoth.claim.reading.document import SUFFIXES, SYNTAXES
from quoth.claim.reading.yaml_levels import levels
from quoth.errors import DocumentError, UsageError

TURTLE_FAMILY = (ox.RdfFormat.TRIG, ox.RdfFormat.TURTLE, ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES)

Place = tuple[Any, Any] | None
"""The mapping or list of a YAML document that holds an anchor, and its key or number there."""


def fill(path: Path, base: str, texts: Texts) -> tuple[str, int, list[Finding]]:
    """The document with the offsets of every anchor that has one place, the number of those that lacked them or had
    those of other words, and findings about the others, which stay as they are.

    A mention of all occurrences of its words becomes one mention for each. Comments and order are kept.

    Raises DocumentError where the document, or the text that it records, cannot be read; UsageError for JSON-LD.
    """
    read = document.read(path, base)
    count = 0
    findings: list[Finding] = []
    written = path.read_bytes().decode("utf-8")
    index = TripleIndex(read.quads)
    recorded = anchors.texts_of(index)
    named = dict.fromkeys(anchor.text for anchor in anchors.anchors(index) if anchor.text)
    if not named.keys() <= recorded.keys():
        recorded |= {text: record for text, (record, _) in recorded_beside(path, base, named).items()}
    if path.suffix.lower() in (".yaml", ".yml"):
        tree = yaml_syntax.parse(written, path)
        article = next((text for text in (*named, *recorded) if text in recorded), "")
        text = _text(path, recorded, article, texts)
        count, findings = mention_places.write_out(tree, text, path)
        lacking = (found for found in yaml_anchors(tree, article) if not _stands(found[0], text))
    elif SYNTAXES.get(path.suffix.lower()) in TURTLE_FAMILY:
        all_anchors = anchors.anchors(index)
        lacking = ((a, read.lines.get(a.iri, 0), None) for a in all_anchors if a.start is None and a.exact)
    else:
        raise UsageError("offsets cannot be filled into this syntax", where=str(path), remedy="use YAML or TriG")
    placed: list[tuple[Anchor, int, Place]] = []
    searches: dict[str, TextSearch] = {}
    for anchor, line, place in lacking:
        text = _text(path, recorded, anchor.text, texts)
        start = _offset(searches.setdefault(text, TextSearch(text)), anchor, (path, line))
        if isinstance(start, Finding):
            findings.append(start)
        else:
            placed.append((anchor, start, place))
    count += len(placed)
    if not count:
        return written, 0, findings
    if path.suffix.lower() in (".yaml", ".yml"):
        return _in_yaml(written, tree, placed), count, findings
    return _in_turtle(written, placed), count, findings


def recorded_beside(path: Path, base: str, named: Collection[str]) -> dict[str, tuple[anchors.Text, TripleIndex]]:
    """The records of those texts (IRIs) in the other documents of the folder, each with what its document says: of two
    encodings of one article, one document has it. What cannot be read is left to ``quoth check``."""
    records: dict[str, tuple[anchors.Text, TripleIndex]] = {}
    for other in sorted(p for p in path.parent.iterdir() if p.name.endswith(SUFFIXES) and p.is_file()):
        with contextlib.suppress(DocumentError):
            index = TripleIndex(document.read(other, base).quads if other != path else [])
            records |= {iri: (record, index) for iri, record in anchors.texts_of(index).items()}
        if set(named) <= records.keys():
            break
    return {iri: record for iri, record in records.items() if iri in named}


def _text(path: Path, recorded: dict[str, anchors.Text], iri: str, texts: Texts) -> str:
    """The text with that IRI. Raises DocumentError where the document does not record it, or no file has its hash."""
    if iri not in recorded:
        raise DocumentError(
            "neither it nor another document of its folder records its article's text",
            where=str(path),
            remedy="add the text's sha256 and length, or put it beside the document that has them",
        )
    text = texts.get(recorded[iri].sha256)
    if text is None:
        raise DocumentError(
            f"no text in {texts.directory} has its SHA-256 {recorded[iri].sha256[:12]}…",
            where=str(path),
            remedy="name the directory with --texts",
        )
    return text


def _offset(search: TextSearch, anchor: Anchor, where: tuple[Path, int]) -> int | Finding:
    """The offset of the quotation, or a finding about a quotation without one place."""
    text = search.text
    offsets = places(text, anchor)
    if len(offsets) == 1:
        return offsets[0]
    if offsets:
        each = (unique_anchor(text, Span(at, at + len(anchor.exact))) for at in offsets[:10])
        listed = "; ".join(f"at {a.start} after {a.prefix or 'the beginning'!r}" for a in each)
        message = f"the quotation {excerpt(anchor.exact)} is in the text {len(offsets)} times: {listed}"
        finding = Finding(message, "anchor-quotation", remedy="add one of these as its prefix")
    else:
        finding = anchors.missing(anchor, search)
    file, line = where
    return replace(finding, file=str(file), line=line)


def yaml_anchors(tree: CommentedMap, article: str) -> Iterator[tuple[Anchor, int, Place]]:
    """The anchors, cues and mentions of a document, with their lines and places. A bare date or number is a quotation,
    too, as ``quoth check`` reads it."""
    places = [*_places(tree, "mentions")]
    claims = tree.get("claims", [])
    for claim in claims:
        places += [*_places(claim, "anchor"), *_places(claim, "words")]
    for innermost in (*tree.get("levels", {}).values(), *(claim.get("attribution", claim) for claim in claims)):
        for level in levels(innermost):
            if isinstance(level, CommentedMap):
                places += [*_places(level, "cue"), *_places(level, "mention")]
    for line, (container, key) in places:
        value = container[key]
        mapping = value if isinstance(value, dict) else {"exact": value}
        if "exact" in mapping and "all" not in mapping:
            exact, prefix, suffix = (str(mapping.get(k, "")) for k in ("exact", "prefix", "suffix"))
            start, end = (mapping.get(k) for k in ("start", "end"))
            yield Anchor("", article, exact, prefix, suffix, start, end), line, (container, key)


def _stands(anchor: Anchor, text: str) -> bool:
    """Whether the quotation stands where its offsets say: of one that was shortened, they are another's."""
    start, end = anchor.start, anchor.end
    return isinstance(start, int) and isinstance(end, int) and text[start:end] == anchor.exact


def _places(node: CommentedMap, key: str) -> Iterator[tuple[int, tuple[Any, Any]]]:
    if key in node:
        line = node.lc.data.get(key, [node.lc.line])[0] + 1
        if isinstance(node[key], list):
            yield from ((line, (node[key], number)) for number in range(len(node[key])))
        else:
            yield line, (node, key)


def _in_yaml(written: str, tree: CommentedMap, placed: Iterable[tuple[Anchor, int, Place]]) -> str:
    for anchor, start, place in placed:
        assert place is not None, "an anchor in YAML has a place"
        container, key = place
        if not isinstance(container[key], dict):
            container[key] = CommentedMap(exact=anchor.exact)
            container[key].fa.set_flow_style()
        container[key]["start"], container[key]["end"] = start, start + len(anchor.exact)
    return as_yaml(tree, written)


def as_yaml(tree: CommentedMap, written: str) -> str:
    """The tree as YAML, with the line ends of the document as it was written: the parser reads every one as \\n."""
    out = io.StringIO()
    yaml_syntax.parser().dump(tree, out)
    return out.getvalue().replace("\n", "\r\n") if "\r\n" in written else out.getvalue()


def _in_turtle(written: str, placed: Iterable[tuple[Anchor, int, Place]]) -> str:
    """Add position selectors to the document."""
    triples = []
    for anchor, start, _ in placed:
        position = ox.NamedNode(f"{anchor.iri}-position")
        triples += [
            ox.Triple(ox.NamedNode(anchor.iri), OA.hasSelector, position),
            ox.Triple(position, RDF.type, OA.TextPositionSelector),
            ox.Triple(position, OA.start, ox.Literal(start)),
            ox.Triple(position, OA.end, ox.Literal(start + len(anchor.exact))),
        ]
    return with_triples(written, triples)


def with_triples(written: str, triples: Iterable[ox.Triple]) -> str:
    """The document with these statements at its end: they may stand anywhere, and are N-Triples, which every syntax of
    the family of Turtle holds."""
    statements = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return written.rstrip("\n") + "\n\n" + statements.decode()
