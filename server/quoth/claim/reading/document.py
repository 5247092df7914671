"""Reading a document in TriG, Turtle, N-Quads, N-Triples, JSON-LD, YAML-LD or SSSOM/TSV: quads with line numbers."""

import functools
import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model import language_tag
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding
from quoth.claim.reading import json_ld, own_words, sssom, yaml_ld
from quoth.claim.reading.line_numbers import of_json, of_turtle
from quoth.claim.reading.n_quads import Row, from_text, line, rows_of, to_text
from quoth.claim.reading.size_limit import SizeLimit
from quoth.claim.reading.statements import Context, Unusual
from quoth.corpus import bases, quoth_toml, side_by_side
from quoth.errors import DocumentError, UsageError
from quoth.resources import check_file, jsonld_context, read_text

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
_MAX_NESTED_TRIPLES = 100
_TRIPLE_BOUNDS = re.compile(
    r'"{3}.*?"{3}|\'{3}.*?\'{3}|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*|<<|>>', re.DOTALL
)
_TAGS = re.compile(r"""["']@([\w-]+)""")


@dataclass(frozen=True, eq=False)
class Document:
    """One file: its statements as N-Quads (no literal is rewritten), the lines of its IRIs, and ``findings`` about the
    parts that could not be read."""

    path: Path
    text: str
    find_lines: Callable[[], dict[str, int]]
    findings: tuple[Finding, ...] = ()
    find_key: Callable[[int, str], int] = lambda line, property: line
    """The line of a node, and a property (IRI) → the line of the node's key for it, or that of the node."""
    rows: list[Row] | None = None
    """The statements, where they are known beside their text."""

    @property
    def statements(self) -> list[Row]:
        """The statements, each once."""
        return rows_of(self.text) if self.rows is None else self.rows

    @functools.cached_property
    def quads(self) -> tuple[ox.Quad, ...]:
        """The statements. Computed on first use: they take more than their text."""
        return tuple(from_text(self.text))

    @functools.cached_property
    def lines(self) -> dict[str, int]:
        """Absolute IRI → the line (from 1) of its first occurrence. Computed on first use."""
        return self.find_lines()


def files(paths: Iterable[Path]) -> list[Path]:
    """The documents named by ``paths``; a directory stands for everything in it with a known suffix, by name, and the
    directory of a corpus for what belongs to that.

    Raises UsageError for a path that does not exist or whose suffix is unknown, for a folder that cannot be read, and
    for a quoth.toml that is wrong.
    """
    documents: list[Path] = []
    for path in itertools.chain.from_iterable(map(members, paths)):
        if path.is_dir():
            documents += sorted(p for p in _inside(path) if suffix(p) in SUFFIXES and not _stands_beside(p))
        elif not os.path.lexists(path):
            raise UsageError("there is no such file or directory", where=str(path))
        elif suffix(path) in SUFFIXES or sssom.is_table(path):
            documents.append(path)
        else:
            raise UsageError(
                f"{path.suffix or 'no suffix'} is not the suffix of a syntax that Quoth reads",
                where=str(path),
                remedy="use one of " + " ".join(SUFFIXES),
            )
    return list(dict.fromkeys(documents))


def _stands_beside(path: Path) -> bool:
    """Whether it is the metadata of a table that is read with it."""
    return sssom.is_metadata(path) and path.with_suffix(".tsv").exists()


def members(path: Path) -> Iterable[Path]:
    """The files and folders of the corpus in a folder; else the path itself."""
    return quoth_toml.read(path).documents() if (path / quoth_toml.NAME).is_file() else (path,)


def _inside(folder: Path) -> Iterator[Path]:
    """Everything in a folder that is no folder, but for hidden folders, releases, and corpora within it."""

    def fail(error: OSError) -> None:
        raise UsageError(error.strerror or "it cannot be read", where=str(error.filename))

    releases = quoth_toml.read(folder).values.get("releases") if (folder / quoth_toml.NAME).is_file() else None
    for directory, within, names in os.walk(folder, onerror=fail):
        yield from (Path(directory) / name for name in names)
        within[:] = [name for name in within if (at := Path(directory, name)) != releases and not _is_apart(at)]


def _is_apart(folder: Path) -> bool:
    """Whether a folder has no documents of the folder that it is in."""
    has_releases = (folder / "current").is_symlink()
    return folder.name.startswith(".") or has_releases or (folder / quoth_toml.NAME).is_file()


def suffix(path: Path) -> str:
    """The suffix that says in which syntax a document is, in lower case."""
    return sssom.SUFFIX if path.name.lower().endswith(sssom.SUFFIX) else path.suffix.lower()


def with_vocabularies(documents: list[Path]) -> list[Path]:
    """The documents and the vocabularies in which their own words are defined, each once."""
    return list(dict.fromkeys([*documents, *(v for d in documents for v in own_words.files_for(d))]))


def read(path: Path, base: str) -> Document:
    """Read one document; relative IRIs are resolved against ``base`` (RFC 3986 §5), or against the one among the bases
    of a dataset that is its corpus's own.

    Raises DocumentError, with file and line where the syntax has them, if the document as a whole cannot be read.
    """
    text, base = _text(path), base_of(path, base)
    try:
        document = _read(text, path, base)
    except RecursionError:
        raise DocumentError("it is nested too deeply", where=str(path)) from None
    if not document.text:
        raise DocumentError("it has no statements", where=str(path), remedy="in JSON-LD, name the context of its keys")
    return document


def base_of(path: Path, base: str) -> str:
    """The base of the document at a path, in a dataset with that base and those of corpora beside it."""
    return side_by_side.base_of(quoth_toml.find(path), base) if bases.every(base)[1:] else base


def _text(path: Path) -> str:
    check_file(path, DocumentError)
    return read_text(path, DocumentError, "save it as UTF-8").removeprefix("\ufeff")


def _read(text: str, path: Path, base: str) -> Document:
    if suffix(path) == sssom.SUFFIX or sssom.is_table(path):
        checks = sssom.status_file(path)
        linkset = sssom.read(text, path, base, _text(checks) if checks.is_file() else None)
        return Document(path, to_text(linkset.quads), lambda: linkset.lines, tuple(linkset.findings))
    if sssom.is_metadata(path):
        table = path.with_suffix(".tsv").name
        raise DocumentError(
            f"it is the metadata of {table}", where=str(path), remedy=f"put {table} beside it, name that"
        )
    syntax = SYNTAXES[suffix(path)]
    if syntax is None:
        return _read_yaml(text, path, base)
    if syntax == ox.RdfFormat.JSON_LD:
        return Document(path, _from_json_ld(json_ld.parse(text, path), text, path, base), lambda: of_json(text, base))
    return Document(path, _parse(text, syntax, path, base), lambda: of_turtle(text, base))


def _read_yaml(text: str, path: Path, base: str) -> Document:
    draft = yaml_ld.Draft(text, path, jsonld_context())
    rows: list[Row] | None = None
    try:
        rows = draft.rows(_context(path, base), base)
        statements = "".join(map(line, rows))
    except Unusual:
        statements = _from_json_ld(yaml_ld.plain(draft.checked()), text, path, base)

    @functools.cache
    def places() -> tuple[list[str], Mapping[int, list[int]]]:
        return text.splitlines(), yaml_ld.other_lines(draft.tree)

    return Document(
        path,
        statements,
        lambda: yaml_ld.lines(draft.tree, base),
        find_key=lambda line, property: yaml_ld.property_line(*places(), line, key_of(property)),
        rows=rows,
    )


def _context(path: Path, base: str) -> Context:
    """The context of a document, with the words of its corpus."""
    try:
        files = tuple((file, file.stat().st_mtime_ns) for file in own_words.files_for(path))
        return _corpus_context(files, base)
    except DocumentError:  # the vocabulary is a document too, and the error is reported where it is read as such
        return _corpus_context((), base)


@functools.lru_cache(maxsize=8)
def _corpus_context(vocabularies: tuple[tuple[Path, int], ...], base: str) -> Context:
    """The context with the words of vocabularies: path, and when the file changed last, in nanoseconds."""
    words = [quad for file, _ in vocabularies for quad in _read(_text(file), file, base).quads]
    return Context(own_words.context(words) if words else jsonld_context())


def _from_json_ld(tree: object, written: str, path: Path, base: str) -> str:
    text = json_ld.inline(tree, _context(path, base).terms, path, base)
    return _parse(text, ox.RdfFormat.JSON_LD, path, base, written)


def _parse(text: str, syntax: ox.RdfFormat, path: Path, base: str, written: str = "") -> str:
    """The statements of a text; ``written``: the text of a document in JSON-LD, as its author has it."""
    _check_nesting(text, path)
    quads: list[ox.Quad] = []
    limit = SizeLimit(path, len(text))
    try:
        for quad in ox.parse(text.encode(), syntax, base_iri=base):
            limit.take(quad)
            quads.append(quad)
    except (SyntaxError, ValueError) as error:
        line, message = getattr(error, "lineno", None), str(getattr(error, "msg", error))
        message = message.split(": ", 1)[-1] if line else message
        line = json_ld.fault_line(written, message) if syntax == ox.RdfFormat.JSON_LD else line
        where = f"{path}:{line}" if line else str(path)
        detail, remedy = _language_fault(text, line, syntax) or (
            f"it is not {syntax.name}: {shortened(message, 200)}",
            None,
        )
        raise DocumentError(detail, where=where, remedy=remedy) from None
    except MemoryError:
        where = f"{path}:{_longest_line(text)}" if syntax != ox.RdfFormat.JSON_LD else str(path)
        detail = "a text or an IRI in it is longer than 16 MiB"
        raise DocumentError(detail, where=where, remedy="take it out: no reader of RDF accepts it") from None
    return to_text(quads)


def _check_nesting(text: str, path: Path) -> None:
    """Refuse triples within triples (RDF 1.2) so deep that the parser would run out of its stack."""
    if text.count("<<") <= _MAX_NESTED_TRIPLES:
        return
    depth = 0
    for token in _TRIPLE_BOUNDS.finditer(text):
        depth += {"<<": 1, ">>": -1}.get(token.group(), 0)
        if depth > _MAX_NESTED_TRIPLES:
            line = text.count("\n", 0, token.start()) + 1
            raise DocumentError(
                "its triples are nested too deeply", where=f"{path}:{line}", remedy="name them separately"
            )


def _language_fault(text: str, line: int | None, syntax: ox.RdfFormat) -> tuple[str, str] | None:
    """The mistake in the language tag of a text on a line that cannot be read, and the remedy."""
    written = text.splitlines()[line - 1 : line] if line and syntax != ox.RdfFormat.JSON_LD else []
    for tag in _TAGS.findall(written[0]) if written else ():
        if remedy := language_tag.remedy(tag):
            return f"{shortened(tag)!r} is not a language tag (BCP 47)", remedy
    return None


def _longest_line(text: str) -> int:
    lengths = [len(line) for line in text.split("\n")]
    return lengths.index(max(lengths)) + 1
