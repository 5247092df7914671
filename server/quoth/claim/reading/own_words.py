"""A corpus's own words: the JSON-LD context in which a document names the concepts of its vocabulary by short names.

The vocabularies are those that the quoth.toml of its corpus names; else the file ``vocabulary.ttl`` or
``vocabulary.yaml`` in the document's folder or the folder above it.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS
from quoth.claim.model.triple_index import TripleIndex
from quoth.corpus import quoth_toml
from quoth.resources import jsonld_context

NAMES = ("vocabulary.ttl", "vocabulary.yaml")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def files_for(path: Path) -> tuple[Path, ...]:
    """The vocabularies of the document at ``path``; a vocabulary itself has none.

    Raises UsageError where the quoth.toml of its corpus is wrong."""
    corpus = quoth_toml.find(path)
    if corpus and (named := corpus.vocabularies):
        return () if any(path.samefile(vocabulary) for vocabulary in named) else named
    folders = (path.parent, path.parent.parent) if path.name not in NAMES else ()
    return tuple(f / name for f in folders for name in NAMES if (f / name).is_file())[:1]


def context(quads: Iterable[ox.Quad]) -> Mapping[str, object]:
    """Our context with the concepts of a vocabulary: each stands by its slug under the keys of its scheme."""
    terms, vocabulary = dict(jsonld_context()), TripleIndex(quads)
    for iri in dict.fromkeys([*vocabulary.having(SKOS.broader), *vocabulary.having(SKOS.inScheme)]):
        slug = iri.rpartition("/")[2]
        for key in _keys().get(_scheme(vocabulary, iri), ()) if _SLUG.fullmatch(slug) else ():
            definition = terms[key]
            assert isinstance(definition, dict)
            scoped = definition["@context"] | {slug: iri}
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
