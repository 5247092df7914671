"""The defaults of a YAML document: an author need not write what the position of a value says already.

Filled in are the type and the hash IRI of a part, and the article that an anchor belongs to, after short forms are
written out and chains completed. Values that the document has are left unchanged.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.reading import yaml_chains, yaml_mentions, yaml_short_forms
from quoth.claim.reading.faults import Faults
from quoth.claim.reading.yaml_levels import levels
from quoth.claim.reading.yaml_tree import LINE, RELATIONS, Node, default, error, listed

REASON_LENGTH = 150
"""Characters of the name of a reason that is made of the names of its claims."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SLUGS = re.compile(r"[\w.-]+", re.ASCII)
_RELATION = re.compile(f"-({'|'.join(RELATIONS)})(?=-)")

CONTAINERS = ("claims", "sources", "entities", "topics", "concepts", "encoding", "mentions", "inference", "withdrawn")
_EXAMPLES = {
    "claims": "ferry-late",
    "sources": "two-dockers",
    "entities": "id/org/harbour-office",
    "topics": "id/topic/ferry",
    "concepts": "id/concept/smuggling",
}
"""A list of a document → the id of an entry of it, for messages."""


def fill_defaults(tree: Node, path: Path, references: frozenset[str]) -> Node:
    """Fill the defaults into ``tree`` and return it; ``references`` are the keys whose values are IRIs.

    Raises DocumentError with file:line for an entry without an id.
    """
    return _Defaults(path, str(tree.get("id", "")), references).document(tree)


class _Names:
    """Hash IRIs for the unnamed parts of one claim or article: ``#key``, then ``#key-2`` …"""

    def __init__(self, owner: str, taken: set[str]) -> None:
        self.owner = owner
        self.taken = taken
        self.last: dict[str, int] = {}

    def __call__(self, key: str) -> str:
        number = self.last.get(key, 0) + 1
        while (name := f"{self.owner}#{key}" + (f"-{number}" if number > 1 else "")) in self.taken:
            number += 1
        self.last[key] = number
        self.taken.add(name)
        return name


def _ids(value: Any) -> set[str]:
    """The ids of the nodes in a value."""
    ids, left = set[str](), [value]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            if isinstance(iri := node.get("id"), str):
                ids.add(iri)
            left += [v for v in node.values() if isinstance(v, dict | list)]
        elif isinstance(node, list):
            left += node
    return ids


class _Defaults:
    """The defaults of one document, whose article is ``article`` (empty in a document of entities alone)."""

    def __init__(self, path: Path, article: str, references: frozenset[str]) -> None:
        self.path = path
        self.article = article
        self.encoding = ""
        self.own = ""
        self.references = references

    def document(self, tree: Node) -> Node:
        faults = Faults()
        yaml_short_forms.write_out(tree, self.path, faults)
        yaml_mentions.write_out(tree, self.path, faults)
        yaml_chains.move_acts(tree, self.path, faults)
        names = _Names(self.article, _ids(tree))
        self.encoding = self._encoding(tree)
        # Two encodings of one article share no mention and no graph of inferences.
        fragment = self.encoding.partition("#")[2]
        self.own = f"{fragment}-" if fragment not in ("", "encoding") else ""
        default(tree, label=tree.get("headline"))
        _corrections(tree)
        if isinstance(tree.get("text"), dict):
            self._text(tree["text"])
        defaults = {
            "sources": {"describedIn": self.article},
            "topics": {"type": "Topic"},
            "concepts": {"type": "Concept"},
            "encoding": {"id": self.encoding, "type": "Encoding", "encodes": self.article},
            "mentions": {"codedIn": self.encoding},
            "inference": {"codedIn": self.encoding},
        }
        first: dict[str, int] = {}
        for key in (k for k in CONTAINERS if k in tree):
            tree[key] = listed(tree[key])
            for node in tree[key]:
                default(node, **defaults.get(key, {}))
                with faults:
                    _judgements(node)
                    _corrections(node)
                    _memberships(node)
                    if key == "claims":
                        self._claim(node)
                    elif key == "mentions":
                        self._anchor(node, self.own + yaml_mentions.identify(node), names, tree, "Mention")
                    elif key == "inference":
                        self._inference(node, names)
                    self._check_id(node, key, first)
        faults.throw()
        return tree

    def _text(self, text: Node) -> None:
        """Fill in the record of the article's text, and those of the earlier ones, which their hashes name."""
        default(text, id=f"{self.article}#text", type="Text", mediaType="text/plain; charset=utf-8")
        if "earlier" in text:
            text["earlier"] = listed(text["earlier"])
        for earlier in (node for node in text.get("earlier", ()) if isinstance(node, dict)):
            default(earlier, id=f"{self.article}#text-{str(earlier.get('sha256', ''))[:12]}", type="Text")

    def _check_id(self, node: Node, key: str, first: dict[str, int]) -> None:
        """Refuse an entry of a list without an id, and one with that of another, whose line is in ``first``."""
        if "id" not in node and not self.article and key in ("encoding", "inference", "mentions"):
            remedy = "write it at the top, like id: id/article/my-article"
            raise error(self.path, {}, "the document has no id, which is that of its article", remedy)
        if "id" not in node:
            remedy = f"give one, such as id: {_EXAMPLES.get(key, 'id/claim/my-article/what-it-says')}"
            raise error(self.path, node, f"an entry of {key} has no id", remedy)
        line = first.setdefault(str(node["id"]), node[LINE])
        if line != node[LINE]:
            described, remedy = f"{shortened(node['id'])} is described", "give one of the two another id, or merge them"
            if key == "withdrawn":
                described, remedy = f"{shortened(node['withdraws']['id'])} is withdrawn", "keep one of the two"
            raise error(self.path, node, f"{described} twice, first on line {line}", remedy)

    def _encoding(self, tree: Node) -> str:
        """The IRI of the document's encoding, of which its claims are: ``<article>#encoding`` if it has no id."""
        if not self.article:
            return ""
        for node in listed(tree.get("encoding", [])):
            if isinstance(node, dict) and isinstance(iri := node.get("id"), str):
                node["id"] = name = self.article + iri if iri.startswith("#") else iri
                return name
        return f"{self.article}#encoding"

    def _claim(self, node: Node) -> None:
        if not isinstance(node.get("id"), str):
            return
        _resolve_fragments(node, node["id"], self.references)
        # The ids in lists are not reserved: to reserve them would change the IRIs of parts that are published.
        names = _Names(node["id"], _ids([v for k, v in node.items() if k != "id" and not isinstance(v, list)]))
        default(node, type="Claim", article=self.article, codedIn=self.encoding)
        if "anchor" in node:
            node["anchor"] = [self._anchor(a, "anchor", names, node) for a in listed(node["anchor"])]
        self._levels(node["attribution"], names)
        if readings := yaml_chains.other_readings(node, self.article):
            node["otherAttribution"] = readings
            for level in readings:
                self._levels(level, names)
        if "content" in node:
            self._content(node, names)

    def _levels(self, level: Any, names: _Names) -> None:
        """Fill in a level of a chain and those around it."""
        for node in levels(level):
            default(node, id="" if "id" in node else names("attribution"), type="Attribution")
            for key, kind in (("cue", "Anchor"), ("mention", "Mention")):
                if key in node:
                    node[key] = [self._anchor(a, key, names, node, kind) for a in listed(node[key])]

    def _anchor(self, anchor: Any, key: str, names: _Names, parent: Node, kind: str = "Anchor") -> Any:
        """``words`` or ``{exact, prefix, suffix, start, end}`` → an oa:SpecificResource with selectors."""
        if isinstance(anchor, str) and not anchor.startswith(f"{names.owner}#"):
            anchor = {LINE: parent[LINE], "exact": anchor}
        if not isinstance(anchor, dict) or "selector" in anchor:
            return anchor
        name = anchor["id"] if "id" in anchor else names(key)
        quote = {k: anchor.pop(k) for k in ("exact", "prefix", "suffix") if k in anchor}
        position = {k: anchor.pop(k) for k in ("start", "end") if k in anchor}
        line = anchor.get(LINE, parent[LINE])
        anchor["selector"] = [{LINE: line, "id": f"{name}-quote", "type": "Quote"} | quote]
        if position:
            anchor["selector"].append({LINE: line, "id": f"{name}-position", "type": "Position"} | position)
        default(anchor, id=name, type=kind, of=f"{self.article}#text" if self.article else "")
        return anchor

    def _content(self, claim: Node, names: _Names) -> None:
        content = claim["content"]
        if not (isinstance(content, dict) and "graph" in content):
            content = {LINE: claim[LINE], "graph": listed(content)}
        default(content, id=f"{claim['id']}#content", type="Content")
        content["graph"] = listed(content["graph"])
        for node in content["graph"]:
            if isinstance(node, dict):
                self._part(node, "situation", names)
        claim["content"] = content

    def _part(self, node: Node, key: str, names: _Names) -> None:
        if "@value" in node:
            return
        if "eventType" in node:
            default(node, type="Situation")
        if "wording" in node:
            default(node, type="TimeExpression")
        if "id" not in node:
            node["id"] = names(key)
        for k, value in node.items():
            for v in listed(value):
                if isinstance(v, dict):
                    self._part(v, k, names)

    def _inference(self, node: Node, names: _Names) -> None:
        default(node, id=f"{self.article}#{self.own}inference", type="Bundle")
        graph = node["graph"] = listed(node.get("graph", []))
        for entry in [e for e in graph if isinstance(e, dict) and "because" in e]:
            if "id" not in entry:
                raise error(self.path, entry, "a relation with a reason has no id", "add the claim's")
            because = entry.pop("because")
            for relation in (r for r in RELATIONS if r in entry):
                for other in listed(entry[relation]):
                    name = names(self.own + _reason(self.article, str(entry["id"]), relation, str(other)))
                    reason = {LINE: entry[LINE], "id": name, "type": "Reason", "comment": because}
                    graph.append(reason | {"subject": entry["id"], "predicate": relation, "object": other})


def _reason(article: str, claim: str, relation: str, other: str) -> str:
    """The key of the hash IRI of a reason: made of its triple, so that it stays when other reasons are added.

    ``reason-<claim>-<relation>-<other>`` with the slugs of the article's claims, and ``.`` for the ``#`` of a part.
    Where that is long, or could be read in two ways, a digest of the triple stands instead.
    """
    space = article.replace("id/article/", "id/claim/") + "/"
    key = "-".join(("reason", claim.removeprefix(space), relation, other.removeprefix(space))).replace("#", ".")
    if len(key) <= REASON_LENGTH and _SLUGS.fullmatch(key) and len(_RELATION.findall(key)) == 1:
        return key
    triple = " ".join((claim, relation, other))
    return f"reason-{hashlib.sha256(triple.encode()).hexdigest()[:16]}"


def _judgements(node: Node) -> None:
    """``accepted: {rule, reason, by}`` → judgements."""
    for judgement, names in _notes(node, "accepted"):
        default(judgement, id=names("accepted") if "id" not in judgement else "", type="Judgement")


def _corrections(node: Node) -> None:
    """``correction: {reason, by, date}`` → corrections. Their days are in their IRIs, so that these stay when another
    correction is written before them."""
    for correction, names in _notes(node, "correction"):
        day = str(correction.get("date", ""))
        key = f"correction-{day}" if _DAY.fullmatch(day) else "correction"
        default(correction, id=names(key) if "id" not in correction else "", type="Correction")


def _memberships(node: Node) -> None:
    """``memberships: {organization, roleName, startDate, endDate}`` → memberships, whose IRIs have the organisation and
    the first day, so that these stay when others are written before them."""
    for membership, names in _notes(node, "memberships"):
        organization, day = (str(membership.get(key, "")) for key in ("organization", "startDate"))
        parts = ("membership", organization.rpartition("/")[2], day if _DAY.fullmatch(day) else "")
        key = "-".join(filter(None, parts))
        default(membership, id=names(key) if "id" not in membership else "", type="Membership")


def _notes(node: Node, key: str) -> Iterator[tuple[Node, _Names]]:
    """The notes about a resource under a key, in the terms of the context, with the names for those that have none."""
    if key not in node or "#" in str(node.get("id", "#")):  # a part has no parts
        return
    names = _Names(node["id"], _ids(node[key]))
    node[key] = listed(node[key])
    for note in (n for n in node[key] if isinstance(n, dict)):
        for word, term in (("reason", "comment"), ("by", "attributedTo")):
            if word in note:
                note[term] = note.pop(word)
        yield note, names


def _resolve_fragments(node: Node, claim: str, references: frozenset[str]) -> None:
    """Resolve ``#troops`` within a claim to the claim's part of that name, wherever an IRI belongs."""
    for key, value in node.items():
        if isinstance(value, str):
            if value.startswith("#") and key in references:
                node[key] = claim + value
        elif isinstance(value, dict):
            _resolve_fragments(value, claim, references)
        elif isinstance(value, list):
            if key in references:
                node[key] = [claim + v if isinstance(v, str) and v.startswith("#") else v for v in value]
            for v in value:
                if isinstance(v, dict):
                    _resolve_fragments(v, claim, references)
