"""Filling digests into a document, for the judgements that do not record yet which wording they accept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from quoth.claim.authoring.fill_offsets import TURTLE_FAMILY, as_yaml, with_triples
from quoth.claim.checking.judgements import lacking_digest
from quoth.claim.model.namespaces import QUOTH
from quoth.claim.reading import document, yaml_syntax
from quoth.claim.reading.document import SYNTAXES
from quoth.errors import UsageError


def fill(path: Path, base: str) -> tuple[str, int]:
    """The document with the digest of every judgement, and the number of those that lacked it.

    Comments and order are kept. Raises DocumentError where the document cannot be read; UsageError for JSON-LD.
    """
    read = document.read(path, base)
    lacking = lacking_digest(read.quads, base)
    written = path.read_bytes().decode("utf-8")
    if path.suffix.lower() in (".yaml", ".yml"):
        tree = yaml_syntax.parse(written, path)
        digests = {(read.lines[j.iri], j.rule): digest for j, digest in lacking.items()}
        for entry in _entries(tree):
            entry["digest"] = DoubleQuotedScalarString(digests[entry.lc.line + 1, entry["rule"]])
        return (as_yaml(tree, written) if lacking else written), len(lacking)
    if SYNTAXES.get(path.suffix.lower()) not in TURTLE_FAMILY:
        raise UsageError("digests cannot be filled into this syntax", where=str(path), remedy="use YAML or TriG")
    triples = [ox.Triple(ox.NamedNode(j.iri), QUOTH.digest, ox.Literal(digest)) for j, digest in lacking.items()]
    return (with_triples(written, triples) if lacking else written), len(lacking)


def _entries(value: Any) -> Iterator[CommentedMap]:
    """The judgements of a YAML tree that have no digest."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _entries(inner)
    if isinstance(value, dict) and "accepted" in value:
        entries = value["accepted"]
        yield from (e for e in (entries if isinstance(entries, list) else [entries]) if "digest" not in e)
