"""The changes of meaning of ``mutations.yaml``, and documents with one of them."""

import copy
import functools
import itertools
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from ruamel.yaml import YAML

from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.reading import json_ld, yaml_defaults, yaml_ld, yaml_short_forms, yaml_tree
from quoth.claim.reading.document import read
from quoth.claim.reading.faults import Faults
from quoth.resources import jsonld_context

BASE = "http://localhost:8000/"
HERE = Path(__file__).parent
MUTATIONS: list[dict[str, Any]] = YAML(typ="safe").load((HERE / "mutations.yaml").read_text("utf-8"))

Node = dict[str, Any]
SHORT = {"anchor": "words"}
"""Keys that a document may write in another way."""


@functools.cache
def tree(path: Path) -> Node:
    """The document as a plain tree without short forms."""
    document = yaml_ld.copied(path.read_text("utf-8"), path, jsonld_context())
    yaml_short_forms.write_out(document, path, Faults())
    plain: Node = yaml_ld.plain(document)
    return plain


@functools.cache
def quads(path: Path) -> tuple[ox.Quad, ...]:
    """The quads of the unchanged document, and of the words of its own."""
    return (*read(path, BASE).quads, *read(path.with_name("vocabulary.yaml"), BASE).quads)


def mutate(document: Node, mutation: dict[str, Any]) -> Node:
    """A copy of the document with the mutation.

    ``change``: id (a claim's without its head) → keys, dotted for a key within another, → value, None to delete.
    ``copy``: id of a claim → changes to a copy of it. ``drop``: claims that are taken out, with their inferences.
    ``add``: container → nodes to add. ``infer``: nodes to add to the inference graph. ``inferred``: id → keys of its
    node there → value. ``mention``: words of the first mention that has them → keys → value, or None to take it out.
    """
    document = copy.deepcopy(document)
    nodes: dict[str, Node] = {
        node["id"]: node for key in ("sources", "entities", "topics", "claims") for node in document[key]
    }
    nodes[document["id"]] = document
    head = str(document["id"]).replace("/article/", "/claim/")

    def named(name: str) -> Node:
        return nodes[name] if name in nodes else nodes[f"{head}/{name}"]

    graph = document["inference"]["graph"]
    for name, changes in mutation.get("copy", {}).items():
        document["claims"].append(copy.deepcopy(named(name)))
        _set(document["claims"][-1], {"id": f"{head}/{name}-again"} | changes)
    for name, changes in mutation.get("change", {}).items():
        _set(named(name), changes)
    for name in mutation.get("drop", ()):
        document["claims"].remove(named(name))
        graph[:] = [node for node in graph if name not in str(node)]
    for key, added in mutation.get("add", {}).items():
        document.setdefault(key, []).extend(added)
    for name, changes in mutation.get("inferred", {}).items():
        ids = (name, f"{head}/{name}")
        _set(next(n for n in graph if n["id"] in ids and changes.keys() & n.keys()), changes)
    for words, changes in mutation.get("mention", {}).items():
        mention = next(m for m in document["mentions"] if m["exact"] == words)
        document["mentions"].remove(mention) if changes is None else _set(mention, changes)
    graph.extend(mutation.get("infer", ()))
    return document


def _set(node: Node, changes: Node) -> None:
    for path, value in changes.items():
        *parents, last = path.split(".")
        inner: Any = node
        if parents[:1] == ["attribution"] and "attribution" not in node:  # its keys stand on the claim itself
            del parents[0]
        for key in parents:
            inner = inner[int(key)] if isinstance(inner, list) else inner[_key(inner, key)]
        if value is None:
            inner.pop(last, None)  # a default may have been left unwritten
        elif isinstance(inner, list):
            inner[int(last)] = value
        else:
            inner[_key(inner, last)] = value


def _key(node: Node, key: str) -> str:
    return SHORT[key] if key not in node and SHORT.get(key) in node else key


def dataset(harbour: Path, mutation: dict[str, Any], folder: Path) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """The quads of the whole dataset that the mutation changes, and all of it.

    ``words``: changes to concepts of the vocabulary, by the last part of their IRIs.
    """
    path, words = folder / "mutation.jsonld", folder / "vocabulary.yaml"
    vocabulary = copy.deepcopy(tree(harbour.with_name("vocabulary.yaml")))
    for name, changes in mutation.get("words", {}).items():
        _set(next(c for c in vocabulary["concepts"] if c["id"] == f"id/concept/{name}"), changes)
    words.write_text(json.dumps(vocabulary), "utf-8")
    # As a document in YAML is read, but for its syntax, whose parser is slow.
    lines = itertools.count(1)
    text = json.dumps(mutate(tree(harbour), mutation), default=str)
    written = json.loads(text, object_pairs_hook=lambda pairs: {yaml_tree.LINE: next(lines)} | dict(pairs))
    filled = yaml_defaults.fill_defaults(written, path, json_ld.iri_keys(jsonld_context()))
    path.write_text(json.dumps(yaml_ld.plain({"@context": CONTEXT_IRI} | filled)), "utf-8")
    whole = list(dict.fromkeys([*read(path, BASE).quads, *read(words, BASE).quads]))
    return list(set(whole) ^ set(quads(harbour))), whole
