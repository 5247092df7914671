"""Changes of meaning to the fictional encoding, one at a time: the check finds each, or it is on the list of what only
a person can see."""

import copy
import functools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from ruamel.yaml import YAML

from quoth.claim.checking import anchors, dataset_rules, frames, shacl
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import yaml_ld, yaml_short_forms
from quoth.claim.reading.document import read
from quoth.claim.rules.publication import rules
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.resources import jsonld_context

BASE = "http://localhost:8000/"
HERE = Path(__file__).parent
MUTATIONS: list[dict[str, Any]] = YAML(typ="safe").load((HERE / "mutations.yaml").read_text("utf-8"))

Node = dict[str, Any]


@functools.cache
def tree(path: Path) -> Node:
    """The document as a plain tree without short forms."""
    document = yaml_ld.copied(path.read_text("utf-8"), path, jsonld_context())
    yaml_short_forms.write_out(document, path)
    plain: Node = yaml_ld.plain(document)
    return plain


@functools.cache
def quads(path: Path) -> tuple[ox.Quad, ...]:
    """The quads of the unchanged document, and of the words of its own."""
    return (*read(path, BASE).quads, *read(path.with_name("vocabulary.yaml"), BASE).quads)


def mutate(document: Node, mutation: dict[str, Any]) -> Node:
    """A document of what the mutation changes and adds alone.

    ``change``: id (a claim's without its head) → keys, dotted for a key within another, → value, None to delete.
    ``copy``: id of a claim → changes to a copy of it. ``add``: container → nodes to add. ``infer``: nodes to add to the
    inference graph, which is given whole.
    """
    small: Node = {"id": document["id"], "type": document["type"]}
    nodes = {node["id"]: (key, node) for key in ("sources", "entities", "topics", "claims") for node in document[key]}
    nodes[document["id"]] = ("article", document)
    for name, changes in mutation.get("change", {}).items():
        key, node = nodes[name if "/" in name else f"id/claim/harbour/{name}"]
        node = copy.deepcopy(node)
        _set(node, changes)
        if key == "article":
            small = {k: v for k, v in node.items() if k not in ("sources", "entities", "topics", "claims", "inference")}
        else:
            small.setdefault(key, []).append(node)
    for name, changes in mutation.get("copy", {}).items():
        node = copy.deepcopy(nodes[f"id/claim/harbour/{name}"][1])
        _set(node, {"id": f"id/claim/harbour/{name}-again"} | changes)
        small.setdefault("claims", []).append(node)
    for key, added in mutation.get("add", {}).items():
        small.setdefault(key, []).extend(added)
    if "infer" in mutation:
        inference = copy.deepcopy(document["inference"])
        inference["graph"] += mutation["infer"]
        small["inference"] = inference
    return small


def _set(node: Node, changes: Node) -> None:
    for path, value in changes.items():
        *parents, last = path.split(".")
        inner: Any = node
        for key in parents:
            inner = inner[int(key)] if isinstance(inner, list) else inner[key]
        if value is None:
            del inner[last]
        elif isinstance(inner, list):
            inner[int(last)] = value
        else:
            inner[last] = value


def dataset(harbour: Path, mutation: dict[str, Any], folder: Path) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """The quads of the changed nodes, and those of the whole dataset with them in the place of the former."""
    small = mutate(tree(harbour), mutation)
    path = folder / "mutation.yaml"
    shutil.copy(harbour.with_name("vocabulary.yaml"), folder)
    path.write_text(json.dumps(small, default=str), "utf-8")
    changed = list(read(path, BASE).quads)
    names = set(mutation.get("change", ()))
    replaced = {f"{BASE}{n}" if "/" in n else f"{BASE}id/claim/harbour/{n}" for n in names}
    replaced |= {f"{name}-act" for name in replaced}
    graph = ox.NamedNode(f"{BASE}id/article/harbour#inference") if "infer" in mutation else None
    kept = [q for q in quads(harbour) if _owner(q) not in replaced and q.graph_name != graph]
    return changed, list(dict.fromkeys([*kept, *changed]))


def _owner(quad: ox.Quad) -> str:
    """The resource that the quad is a part of: inferences about it are kept."""
    subject = quad.subject
    inferred = "#inference" in str(quad.graph_name)
    return "" if inferred or not isinstance(subject, ox.NamedNode) else subject.value.partition("#")[0]


def findings(changed: list[ox.Quad], whole: list[ox.Quad], texts: Texts) -> Iterator[Finding]:
    """The findings about the whole dataset. Of the claims, the shapes look at the changed ones alone."""
    yield from dataset_rules.violations(whole, BASE, shacl.known_types())
    yield from anchors.verify(TripleIndex(whole), texts)[0]
    owners = {_owner(q) for q in changed}
    claims = f"{BASE}id/claim/"
    part = [q for q in whole if not _owner(q).startswith(claims) or _owner(q) in owners]
    vocabulary = Vocabulary(part)
    yield from frames.violations(part, vocabulary)
    yield from shacl.violations(part, vocabulary)


@functools.cache
def known(harbour: Path, folder: Path) -> frozenset[Finding]:
    """The findings about the unchanged document: warnings."""
    whole = list(quads(harbour))
    return frozenset(findings(whole, whole, Texts(folder)))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[m["what"] for m in MUTATIONS])
def test_a_change_of_meaning_is_found(mutation: dict[str, Any], harbour: Path, texts: Texts, tmp_path: Path) -> None:
    changed, whole = dataset(harbour, mutation, tmp_path)
    new = (f for f in findings(changed, whole, texts) if f not in known(harbour, texts.directory))
    if "person" in mutation:
        assert [str(f) for f in new] == [], "it is found: name the rule"
        return
    finding = next((f for f in new if mutation["rule"] in f.rule), None)
    assert finding, "not found"
    assert finding.remedy


def test_the_mutations_change_the_document(harbour: Path, tmp_path: Path) -> None:
    original = set(quads(harbour))
    for mutation in MUTATIONS:
        assert set(dataset(harbour, mutation, tmp_path)[1]) != original, mutation["what"]


def test_the_unchanged_document_conforms(harbour: Path, texts: Texts) -> None:
    assert not [str(f) for f in known(harbour, texts.directory) if f.severity == "Violation"]


def test_every_rule_is_tried() -> None:
    tried = {mutation.get("rule") for mutation in MUTATIONS}
    others = "".join(path.read_text("utf-8") for path in HERE.parent.parent.rglob("test_*.py"))
    assert [r.name for r in rules("check") if r.name not in tried and f'"{r.name}"' not in others] == []
