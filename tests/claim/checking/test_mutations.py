"""Changes of meaning to the fictional encoding, one at a time: the check finds each, or it is on the list of what only
a person can see."""

import copy
import functools
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from ruamel.yaml import YAML

from quoth.claim.checking import anchors, dataset_rules, frames, own_words, shacl
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.validator import Validator
from quoth.claim.checking.wording import compare
from quoth.claim.model.namespaces import CONTEXT_IRI, RDF
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import json_ld, yaml_defaults, yaml_ld, yaml_short_forms, yaml_tree
from quoth.claim.reading.document import read
from quoth.claim.reading.faults import Faults
from quoth.claim.rules.publication import rules
from quoth.claim.rules.vocabulary import Vocabulary
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


def _owner(quad: ox.Quad) -> str:
    """The resource that the quad is a part of: inferences about it are kept."""
    subject = quad.subject
    inferred = "#inference" in str(quad.graph_name)
    return "" if inferred or not isinstance(subject, ox.NamedNode) else subject.value.partition("#")[0]


def findings(changed: list[ox.Quad], whole: list[ox.Quad], texts: Texts) -> Iterator[Finding]:
    """The findings about the whole dataset. Of the claims, the shapes look at the changed ones alone."""
    yield from dataset_rules.violations(whole, BASE, shacl.known_types())
    yield from anchors.verify(TripleIndex(whole), texts)
    vocabulary = Vocabulary(whole)
    yield from compare.findings(whole, vocabulary, texts)
    yield from own_words.violations(whole, vocabulary)
    owners = {_owner(q) for q in changed}
    claims = f"{BASE}id/claim/"
    # The other claims are there for those that name them.
    part = [q for q in whole if not _owner(q).startswith(claims) or _owner(q) in owners or q.predicate == RDF.type]
    yield from frames.violations(part, vocabulary, Validator())
    about = [q for q in part if not _owner(q).startswith(claims) or _owner(q) in owners]
    names = {q.subject.value for q in part if isinstance(q.subject, ox.NamedNode)}
    yield from (
        f for f in shacl.violations(about, vocabulary, Validator()) if f.value not in names or "Class" not in f.rule
    )


@functools.cache
def known(harbour: Path, folder: Path) -> frozenset[Finding]:
    """The findings about the unchanged document: warnings."""
    whole = list(quads(harbour))
    return frozenset(findings(whole, whole, Texts(folder)))


def cases() -> Iterator[Any]:
    """The mutations; all but the first for each rule take their time."""
    tried: set[str | None] = set()
    for mutation in MUTATIONS:
        again = mutation.get("rule") in {None, *tried}
        tried.add(mutation.get("rule"))
        yield pytest.param(mutation, id=mutation["what"], marks=pytest.mark.slow if again else ())


@pytest.mark.parametrize("mutation", [*cases()])
def test_a_change_of_meaning_is_found(mutation: dict[str, Any], harbour: Path, texts: Texts, tmp_path: Path) -> None:
    changed, whole = dataset(harbour, mutation, tmp_path)
    assert changed, "it changes nothing"
    new = (f for f in findings(changed, whole, texts) if f not in known(harbour, texts.directory))
    if "person" in mutation:
        assert [str(f) for f in new] == [], "it is found: name the rule"
        return
    finding = next((f for f in new if mutation["rule"] in f.rule), None)
    assert finding, "not found"
    assert finding.remedy


def test_the_unchanged_document_conforms(harbour: Path, texts: Texts) -> None:
    assert not [str(f) for f in known(harbour, texts.directory) if f.severity == "Violation"]


def test_every_rule_is_tried() -> None:
    tried = {mutation.get("rule") for mutation in MUTATIONS}
    others = "".join(path.read_text("utf-8") for path in HERE.parent.parent.rglob("test_*.py"))
    assert [r.name for r in rules("check") if r.name not in tried and f'"{r.name}"' not in others] == []
