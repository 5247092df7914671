"""A corpus's own words: the JSON-LD context in which a document names the concepts of its vocabulary by short names.

The vocabulary is the file ``vocabulary.ttl`` or ``vocabulary.yaml`` in the document's folder or the folder above it.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import DocumentError
from quoth.resources import jsonld_context

NAMES = ("vocabulary.ttl", "vocabulary.yaml")

Read = Callable[[Path], Iterable[ox.Quad]]
"""Reads the quads of a document. Raises DocumentError."""


def context(path: Path, read: Read) -> Mapping[str, object]:
    """The context of the document at ``path``: ours, in which the short names of its vocabulary are defined as well."""
    if path.name in NAMES:
        return jsonld_context()
    folders = (path.parent, path.parent.parent)
    file = next((f / name for f in folders for name in NAMES if (f / name).is_file()), None)
    try:
        return jsonld_context() if file is None else extended(TripleIndex(read(file)))
    except DocumentError:  # the vocabulary is a document too, and the error is reported where it is read as such
        return jsonld_context()


def extended(vocabulary: TripleIndex) -> dict[str, object]:
    """Our context with the concepts of a vocabulary: each stands by its slug under the keys of its scheme."""
    terms = dict(jsonld_context())
    for iri in dict.fromkeys([*vocabulary.having(SKOS.broader), *vocabulary.having(SKOS.inScheme)]):
        scheme = _scheme(vocabulary, iri)
        for key in _keys().get(scheme, ()):
            definition = terms[key]
            assert isinstance(definition, dict)
            scoped = definition["@context"] | {iri.rpartition("/")[2]: iri}
            terms[key] = {**definition, "@context": scoped}
    return terms


def _scheme(vocabulary: TripleIndex, iri: str) -> str:
    """Our scheme to which a concept belongs, over its broader concepts; empty where that is none."""
    seen: list[str] = []
    while iri and not iri.startswith(f"{ONTOLOGY_IRI}/") and iri not in seen:
        seen.append(iri)
        iri = vocabulary.value(iri, SKOS.broader) or vocabulary.value(iri, SKOS.inScheme)
    return iri.partition("#")[0] if iri.startswith(f"{ONTOLOGY_IRI}/") else ""


@functools.cache
def _keys() -> dict[str, list[str]]:
    """Scheme → the keys of our context whose values are its concepts."""
    keys: dict[str, list[str]] = {}
    for key, definition in jsonld_context().items():
        scoped = definition.get("@context") if isinstance(definition, dict) else None
        if isinstance(scoped, dict) and "@vocab" in scoped:
            keys.setdefault(scoped["@vocab"].rstrip("#"), []).append(key)
    return keys
