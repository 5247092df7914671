"""Filling offsets into a document, for the anchors that have only their quotation."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from ruamel.yaml.comments import CommentedMap

from quoth.claim.authoring.draft import Span, unique_anchor
from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Anchor, Texts, places, shortened
from quoth.claim.model.namespaces import OA, RDF
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import document, yaml_ld
from quoth.claim.reading.document import SYNTAXES
from quoth.errors import DocumentError, UsageError

_TURTLE_FAMILY = (ox.RdfFormat.TRIG, ox.RdfFormat.TURTLE, ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES)


def fill(path: Path, base: str, texts: Texts) -> tuple[str, int, list[Finding]]:
    """The document with the offsets of every anchor, the number of those that lacked them, and findings.

    Comments and order are kept. If there are findings, the document is unchanged.

    Raises DocumentError where the document, or the text that it records, cannot be read; UsageError for JSON-LD.
    """
    syntax = SYNTAXES.get(path.suffix)
    read = document.read(path, base)
    written = path.read_bytes().decode("utf-8")
    if path.suffix in (".yaml", ".yml"):
        return _in_yaml(path, written, TripleIndex(read.quads), texts)
    if syntax not in _TURTLE_FAMILY:
        raise UsageError("offsets cannot be filled into this syntax", where=str(path), remedy="use YAML or TriG")
    return _in_turtle(path, written, read, texts, base)


def _text(path: Path, recorded: dict[str, anchors.Text], article: str, texts: Texts) -> str:
    """The text of an article. Raises DocumentError where the document does not record it, or no file has its hash."""
    if article not in recorded:
        raise DocumentError(
            "it does not record its article's text", where=str(path), remedy="add the text's sha256 and length"
        )
    text = texts.get(recorded[article].sha256)
    if text is None:
        raise DocumentError(
            f"no text in {texts.directory} has its SHA-256 {recorded[article].sha256[:12]}…",
            where=str(path),
            remedy="name the directory with --texts",
        )
    return text


def _place(text: str, anchor: Anchor, where: tuple[Path, int]) -> int | Finding:
    """The offset of the quotation, or a finding about a quotation without one place."""
    offsets = places(text, anchor)
    if len(offsets) == 1:
        return offsets[0]
    if offsets:
        each = (unique_anchor(text, Span(at, at + len(anchor.exact))) for at in offsets[:10])
        listed = "; ".join(f"at {a.start} after {a.prefix or 'the beginning'!r}" for a in each)
        problem, remedy = f"is in the text {len(offsets)} times: {listed}", "add one of these as its prefix"
    else:
        problem, remedy = "is not in the text", "quote the text letter by letter, its curly quotes and dashes too"
    message = f"the quotation {shortened(anchor.exact)} {problem}"
    file, line = where
    return Finding(message, "anchor-quotation", focus=anchor.iri, remedy=remedy, file=str(file), line=line)


def _in_yaml(path: Path, written: str, index: TripleIndex, texts: Texts) -> tuple[str, int, list[Finding]]:
    tree = yaml_ld.parse(written, path)
    recorded = anchors.texts_of(index)
    article = next(iter(recorded), "")
    text = _text(path, recorded, article, texts)
    findings: list[Finding] = []
    filled = 0
    for container, key, line in _yaml_anchors(tree):
        value = container[key]
        mapping = CommentedMap(exact=value) if isinstance(value, str) else value
        if not isinstance(mapping, CommentedMap) or "exact" not in mapping or {"start", "end"} <= mapping.keys():
            continue
        exact, prefix, suffix = (str(mapping.get(k, "")) for k in ("exact", "prefix", "suffix"))
        at = _place(text, Anchor("", article, exact, prefix, suffix), (path, line))
        if isinstance(at, Finding):
            findings.append(at)
            continue
        mapping["start"], mapping["end"] = at, at + len(exact)
        if isinstance(value, str):
            mapping.fa.set_flow_style()
            container[key] = mapping
        filled += 1
    if findings or not filled:
        return written, 0, findings
    out = io.StringIO()
    yaml_ld.parser().dump(tree, out)
    # The parser reads every line end as \n; a file that has others keeps them.
    crlf = "\r\n" in written
    return out.getvalue().replace("\n", "\r\n") if crlf else out.getvalue(), filled, []


def _yaml_anchors(tree: CommentedMap) -> Iterator[tuple[Any, Any, int]]:
    """Every anchor and cue of a document: the mapping or list that has it, its key or number there, its line."""
    for claim in tree.get("claims", []):
        yield from _values(claim, "anchor")
        level = claim.get("attribution")
        while isinstance(level, CommentedMap):
            yield from _values(level, "cue")
            level = level.get("within")


def _values(node: CommentedMap, key: str) -> Iterator[tuple[Any, Any, int]]:
    if key in node:
        line = node.lc.data.get(key, [node.lc.line])[0] + 1
        if isinstance(node[key], list):
            yield from ((node[key], number, line) for number in range(len(node[key])))
        else:
            yield node, key, line


def _in_turtle(
    path: Path, written: str, read: document.Document, texts: Texts, base: str
) -> tuple[str, int, list[Finding]]:
    """Add the selectors at the end of a document in Turtle, whose statements may stand anywhere."""
    index = TripleIndex(read.quads)
    recorded = anchors.texts_of(index)
    findings: list[Finding] = []
    added: list[ox.Triple] = []
    filled = 0
    for anchor in anchors.anchors(index):
        if anchor.start is not None or not anchor.exact:
            continue
        text = _text(path, recorded, anchor.article, texts)
        at = _place(text, anchor, (path, read.lines.get(anchor.iri, 0)))
        if isinstance(at, Finding):
            findings.append(at)
        else:
            added += _position(anchor.iri, at, at + len(anchor.exact))
            filled += 1
    if findings or not added:
        return written, 0, findings
    # Every syntax of the family holds N-Triples.
    statements = ox.serialize(added, format=ox.RdfFormat.N_TRIPLES) or b""
    return written.rstrip("\n") + "\n\n" + statements.decode(), filled, []


def _position(anchor: str, start: int, end: int) -> list[ox.Triple]:
    """The statements of one position selector."""
    position = ox.NamedNode(f"{anchor}-position")
    return [
        ox.Triple(ox.NamedNode(anchor), OA.hasSelector, position),
        ox.Triple(position, RDF.type, OA.TextPositionSelector),
        ox.Triple(position, OA.start, ox.Literal(start)),
        ox.Triple(position, OA.end, ox.Literal(end)),
    ]
