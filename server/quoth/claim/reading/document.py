"""Reading a document in TriG, Turtle, N-Quads, N-Triples, JSON-LD, YAML-LD or SSSOM/TSV: quads with line numbers."""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox

from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding
from quoth.claim.reading import line_numbers, own_words, sssom, yaml_ld
from quoth.errors import DocumentError, UsageError
from quoth.resources import jsonld_context, read_text

SYNTAXES: dict[str, ox.RdfFormat | None] = {
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".yaml": None,
    ".yml": None,
}
SUFFIXES = (*SYNTAXES, sssom.SUFFIX)


@dataclass(frozen=True, eq=False)
class Document:
    """One file: its quads as written (no literal is rewritten), the lines of its IRIs, and ``findings`` about the parts
    that could not be read."""

    path: Path
    quads: tuple[ox.Quad, ...]
    find_lines: Callable[[], dict[str, int]]
    findings: tuple[Finding, ...] = ()
    find_key: Callable[[int, str], int] = lambda line, property: line
    """The line of a node, and a property (IRI) → the line of the node's key for it, or that of the node."""

    @functools.cached_property
    def lines(self) -> dict[str, int]:
        """Absolute IRI → the line (from 1) of its first occurrence. Computed on first use."""
        return self.find_lines()


def files(paths: Iterable[Path]) -> list[Path]:
    """The documents named by ``paths``; a directory stands for every file in it with a known suffix, by name.

    Raises UsageError for a path that does not exist or whose suffix is unknown.
    """
    documents: list[Path] = []
    for path in paths:
        if path.is_dir():
            documents += sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES) and p.is_file())
        elif not path.exists():
            raise UsageError("there is no such file or directory", where=str(path))
        elif not path.name.endswith(SUFFIXES):
            raise UsageError(
                f"{path.suffix or 'no suffix'} names no syntax that Quoth reads",
                where=str(path),
                remedy="use one of " + " ".join(SUFFIXES),
            )
        else:
            documents.append(path)
    return list(dict.fromkeys(documents))


def with_vocabularies(documents: list[Path]) -> list[Path]:
    """The documents and the vocabularies in which their own words are defined, each once."""
    return list(dict.fromkeys([*documents, *(v for d in documents if (v := own_words.file_for(d)))]))


def read(path: Path, base: str) -> Document:
    """Read one document; relative IRIs are resolved against ``base`` (RFC 3986 §5).

    Raises DocumentError, with file and line where the syntax has them, if the document as a whole cannot be read.
    """
    text = _text(path)
    try:
        document = _read(text, path, base)
    except RecursionError:
        raise DocumentError("it is nested too deep", where=str(path)) from None
    if not document.quads:
        raise DocumentError(
            "there is not one statement in it", where=str(path), remedy="in JSON-LD, name the context of its keys"
        )
    return document


def _text(path: Path) -> str:
    return read_text(path, DocumentError, "save it as UTF-8").removeprefix("\ufeff")


def _read(text: str, path: Path, base: str) -> Document:
    if path.name.endswith(sssom.SUFFIX):
        checks = sssom.status_file(path)
        linkset = sssom.read(text, path, base, _text(checks) if checks.is_file() else None)
        return Document(path, tuple(linkset.quads), lambda: linkset.lines, tuple(linkset.findings))
    syntax = SYNTAXES[path.suffix]
    if syntax is None:
        tree = yaml_ld.load(text, path, jsonld_context())
        quads = _from_json_ld(yaml_ld.plain(tree), path, base, _context(path, base))
        written = text.splitlines()
        return Document(
            path,
            quads,
            lambda: yaml_ld.lines(tree, base),
            find_key=lambda line, property: yaml_ld.key_line(written, line, key_of(property)),
        )
    if syntax == ox.RdfFormat.JSON_LD:
        parsed = _json(text, path)
        _check_keys(parsed, path)
        for key, iri, _ in yaml_ld.bad_iris(parsed, yaml_ld.iri_keys(jsonld_context())):
            raise DocumentError(f"{key}: {iri!r} is not an IRI", where=str(path), remedy="fix it: it would be dropped")
        quads = _from_json_ld(parsed, path, base, _context(path, base))
        return Document(path, quads, lambda: line_numbers.of_json(text, base))
    return Document(path, _parse(text, syntax, path, base), lambda: line_numbers.of_turtle(text, base))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON. Raises ValueError for a key that stands twice, whose first value would be lost."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return members


def _check_keys(tree: object, path: Path) -> None:
    """Raise DocumentError for a key that JSON-LD would silently drop, in a document that uses our context alone."""
    if not isinstance(tree, dict) or tree.get("@context") != CONTEXT_IRI:
        return
    nodes: list[object] = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            for key, value in node.items():
                named = ":" in key and not yaml_ld.NOT_IN_IRI.search(key)
                if not (key in jsonld_context() or key in yaml_ld.KEYWORDS or named):
                    raise DocumentError(f"there is no key {key!r}", where=str(path), remedy="it would be dropped")
                nodes += [value] if key != "@context" else []


def _json(text: str, path: Path) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise DocumentError(
            f"it is not JSON: {getattr(error, 'msg', error)}", where=f"{path}:{line}" if line else str(path)
        ) from None


def _context(path: Path, base: str) -> Mapping[str, object]:
    """The context of a document, with the words of its corpus."""
    file = own_words.file_for(path)
    try:
        return _corpus_context(file, file.stat().st_mtime_ns, base) if file else jsonld_context()
    except DocumentError:  # the vocabulary is a document too, and the error is reported where it is read as such
        return jsonld_context()


@functools.lru_cache(maxsize=8)
def _corpus_context(vocabulary: Path, changed_ns: int, base: str) -> Mapping[str, object]:
    return own_words.context(_read(_text(vocabulary), vocabulary, base).quads)


def _from_json_ld(tree: object, path: Path, base: str, context: Mapping[str, object]) -> tuple[ox.Quad, ...]:
    """JSON-LD 1.1 to quads; our own context, which is ``context``, is the only one that may be named by its IRI."""

    def inlined(value: object, is_context: bool = False) -> object:
        if isinstance(value, list):
            return [inlined(v, is_context) for v in value]
        if isinstance(value, dict) and not is_context:
            return {k: inlined(v, k == "@context") for k, v in value.items()}
        if isinstance(value, str) and is_context:
            if value in (CONTEXT_IRI, urljoin(base, "context.jsonld")):
                return context
            raise DocumentError(
                f"the context <{value}> would have to be fetched, which Quoth does not do",
                where=str(path),
                remedy=f"name <{CONTEXT_IRI}>, or write the context into the document",
            )
        return value

    return _parse(json.dumps(inlined(tree)), ox.RdfFormat.JSON_LD, path, base)


def _parse(text: str, syntax: ox.RdfFormat, path: Path, base: str) -> tuple[ox.Quad, ...]:
    try:
        return tuple(ox.parse(text.encode(), syntax, base_iri=base))
    except (SyntaxError, ValueError) as error:
        line, message = getattr(error, "lineno", None), str(getattr(error, "msg", error))
        message = message.split(": ", 1)[-1] if line else message
        raise DocumentError(
            f"it is not {syntax.name}: {message}", where=f"{path}:{line}" if line else str(path)
        ) from None
