"""A small corpus, random edits of it, and the rows of its lists in a form that can be compared."""

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from quoth.claim.model.namespaces import OA, ONTOLOGY_IRI, ORG, QUOTH, RDF
from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.release.dumps import nquads

from ..conftest import BASE, CORPUS

ARTICLE = re.compile(rb"(id/(?:claim|article|encoding|source|passage)/)harbour")
Corpus = dict[str, frozenset[bytes]]
"""The lines of parts by their names."""


@cache
def harbour() -> frozenset[bytes]:
    """What is published of the fictional article, without most of the ontology."""
    lines = nquads.to_lines(publication.published_quads(read(CORPUS / "harbour.yaml", BASE).quads, BASE))
    return frozenset(line for line in lines if not line.startswith(f"<{ONTOLOGY_IRI}".encode()) or b"certain" in line)


def article(name: str) -> frozenset[bytes]:
    """The article by another name; its entities stay shared."""
    return frozenset(ARTICLE.sub(rb"\1" + name.encode(), line) for line in harbour())


def list_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the lists, with IRIs and words in place of their numbers, but for the numbers that order claims."""
    with closing(sqlite3.connect(path)) as connection:
        terms = dict(connection.execute("SELECT id, iri FROM term"))
        claims = dict(connection.execute("SELECT id, iri FROM claim"))
        items = dict(connection.execute("SELECT id, iri FROM item"))
        found: dict[str, list[tuple[Any, ...]]] = {
            "order": [*connection.execute("SELECT iri FROM claim ORDER BY id")],
            "words": sorted(
                connection.execute("SELECT iri, label, also, quotation FROM words JOIN item ON item.id = words.rowid")
            ),
            "vocabulary": sorted(connection.execute("SELECT term, col, doc, cnt FROM vocabulary")),
        }
        plain = {"iri", "counted", "innermost", "published", "reason", "role", "facet", "n", "kind_", "text", "folded"}
        plain.add("pair")
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'words*'"
        for (table,) in connection.execute(tables).fetchall():
            if table in ("term", "vocabulary") or table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]

            def named(column: str, value: Any, table: str = table) -> Any:
                if value is None or column in plain or (table, column) in {("claim", "act"), ("item", "kind")}:
                    return value
                if table == "item" and column == "id":
                    return None
                if column in ("claim", "other") or (table, column) == ("claim", "id"):
                    return claims[value]
                return items[value] if column == "item" else terms[value] if value else value

            found[table] = sorted(
                (tuple(map(named, columns, row)) for row in connection.execute(f"SELECT * FROM {table}")), key=repr
            )
        return found


TIES = (
    "<{id}article/{one}> <{ns}reprints> <{id}article/{two}> .\n"
    "<{id}article/{one}> <https://schema.org/publisher> <{id}org/{one}> .\n",
    "<{id}claim/{one}/no-ties#attribution> <{ns}act> <{id}claim/{two}/crates-at-night-act> .\n",
    "<{id}claim/{one}/no-ties> <{ns}otherAttribution> <{id}claim/{two}/ferry-late#attribution> .\n",
    "<{id}claim/{one}/no-ties> <{ns}content> <{id}claim/{two}/ferry-late#content> .\n",
    "<{id}claim/{one}/ferry-late> <http://www.w3.org/ns/prov#wasQuotedFrom> <{id}article/{two}> .\n",
    "<{id}claim/{one}/no-ties> <{ns}creditedTo> <{id}source/{two}/two-dockers> .\n",
    "<{id}claim/{one}/no-ties#anchor> <{oa}hasSelector> <{id}claim/{two}/ferry-late#anchor-position> .\n"
    "<{id}claim/{one}/no-ties#anchor> <{oa}hasSelector> <{id}claim/{two}/ferry-late#anchor-quote> .\n",
    "<{id}claim/{one}/no-ties> <{ns}anchor> <{id}claim/{two}/ferry-late#anchor> .\n",
    "<{id}claim/{one}/no-ties#attribution> <{ns}act> <{id}claim/{two}/ferry-late> .\n",
    "<{id}claim/{one}/ferry-late> <{ns}contradicts> <{id}claim/{two}/ferry-late> <{id}article/{one}#inference> .\n"
    "<{id}article/{one}#why> <{rdf}subject> <{id}claim/{one}/ferry-late> <{id}article/{one}#inference> .\n"
    "<{id}article/{one}#why> <{rdf}object> <{id}claim/{two}/ferry-late> <{id}article/{one}#inference> .\n"
    "<{id}article/{one}#why> <{rdf}predicate> <{ns}contradicts> <{id}article/{one}#inference> .\n"
    '<{id}article/{one}#why> <http://www.w3.org/2000/01/rdf-schema#comment> "so" <{id}article/{one}#inference> .\n',
    "<{id}org/harbour-office> <{org}hasMembership> <{id}org/harbour-office#of-{one}> .\n"
    "<{id}org/harbour-office#of-{one}> <{org}organization> <{id}org/coast-audit> .\n"
    '<{id}org/harbour-office#of-{one}> <https://schema.org/endDate> "2099-12-31" .\n',
)
"""Lines by which articles and claims depend on others."""
LINES = st.integers(0, 10**6)
EDITS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["a", "b", "harbour-2", "z"])),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("rename"), st.integers(0, 9), st.sampled_from(["c", "y"])),
    st.tuples(st.just("cut"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=40)),
    st.tuples(st.just("say"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=8)),
    st.tuples(st.just("move"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=8)),
    st.tuples(st.just("say everywhere"), st.lists(LINES, min_size=1, max_size=4)),
    st.tuples(st.just("tie"), st.integers(0, 9), st.integers(0, 9), st.integers(0, len(TIES) - 1)),
)


def tie(number: int, one: str, two: str) -> frozenset[bytes]:
    """The lines of one of TIES between two articles."""
    names = {"one": one, "two": two, "id": f"{BASE}id/", "ns": QUOTH.iri, "rdf": RDF.iri, "oa": OA.iri, "org": ORG.iri}
    return frozenset(TIES[number].format(**names).encode().splitlines(keepends=True))


def edited(corpus: Corpus, edit: tuple[Any, ...]) -> Corpus:
    """The corpus after an edit: an article is new, gone or renamed; lines of any kind are cut, say other words, or take
    the object of another line (another class, source, article or kind); what several articles have says other words;
    one depends on another."""
    kind, *values = edit
    if kind == "add":
        return corpus | {values[0]: article(values[0])}
    if not corpus:
        return corpus
    if kind == "say everywhere":
        every = sorted({line for part in corpus.values() for line in part if b'"@en' in line})
        said = {every[number % len(every)] for number in values[0]} if every else set()
        return {
            name: frozenset(line.replace(b'"', b'"new ', 1) if line in said else line for line in part)
            for name, part in corpus.items()
        }
    name = sorted(corpus)[values[0] % len(corpus)]
    if kind == "tie":
        other = sorted(corpus)[values[1] % len(corpus)]
        return corpus | {name: corpus[name] | tie(values[2], name, other)}
    lines = sorted(corpus[name])
    others = {key: part for key, part in corpus.items() if key != name}
    if kind == "withdraw" or not lines:
        return others
    if kind == "rename":
        return others | {values[1]: article(values[1])}
    chosen = {lines[number % len(lines)] for number in values[1]}
    if kind == "cut":
        changed = set[bytes]()
    elif kind == "say":
        changed = {line.replace(b'"', b'"new ', 1) for line in chosen if b'"@en' in line}
    else:
        with_object = {line.split(b" ", 2)[1]: line for line in lines}
        changed = {
            line.split(b" ", 1)[0] + b" " + with_object[line.split(b" ", 2)[1]].split(b" ", 1)[1]
            for line in chosen
            if b"> .\n" in line
        }
    return others | {name: frozenset({*lines} - chosen | changed)}
