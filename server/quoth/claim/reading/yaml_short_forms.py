"""The short forms of a YAML document, written out: a claim in words is four lines.

- An id without a slash is the slug of one of the article's claims, wherever a claim is named, and of one of its sources
  in ``sources``, as ``source`` of a level and as what a mention is ``of``.
- The keys of the innermost level of attribution may stand on the claim, and ``words`` are its anchor.
- ``defaults`` give values to the claims with a content, and to their levels, that have none of their own. A claim in
  words gets none: what is not coded is absent.
- ``withdrawn`` lists what was withdrawn: ``{id: ferry-early, reason: …, by: id/org/quoth, date: 2026-11-28, replacedBy:
  ferry-late}``. Each entry becomes a notice of its own.
"""

from pathlib import Path
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import concepts
from quoth.claim.reading.faults import Faults
from quoth.claim.reading.yaml_levels import LEVEL_KEYS, NamedLevels, levels
from quoth.claim.reading.yaml_tree import LINE, RELATIONS, Node, default, error, listed

CLAIM_DEFAULTS = ("certainty", "polarity", "realis", "tense", "informationStatus")
LEVEL_DEFAULTS = ("speechAct", "stance", "scope")
_OPEN = frozenset({"speechAct"})
"""The keys whose values can be a corpus's own words."""

KEYS = frozenset({"words", "defaults", "level", "levels"})
"""The keys of short forms, which no term of the context stands for."""

_ARTICLE_SPACE = "id/article/"


def write_out(tree: Node, path: Path, faults: Faults) -> None:
    """Write out the short forms in ``tree``; ``faults`` gets values that stand twice, whose claims are taken out.

    Raises DocumentError (file:line) for defaults and named levels that are none."""
    base, _, slug = str(tree.get("id", "")).rpartition(_ARTICLE_SPACE)  # a whole IRI has a base
    claims, sources = (f"{base}id/{kind}/{slug}/" if slug else "" for kind in ("claim", "source"))
    values, named = _defaults(tree, path), NamedLevels(tree, path)

    def write_claim(claim: Any) -> None:
        _expand_ids(claim, ("id",), claims)
        _attribution(claim, named, path)
        _words(claim, path)
        if "content" in claim:
            default(claim, **{k: v for k, v in values.items() if k in CLAIM_DEFAULTS})
            _expand_each(claim["content"], ("terms",), claims)
        for level in levels(claim.get("attribution")):
            _expand_ids(level, ("act",), claims)
            _expand_ids(level, ("source",), sources)
            _expand_each(level.get("mention"), ("of",), sources)
            if "content" in claim and listed(level.get("source")) != [tree.get("id")]:
                own = {k: v for k, v in values.items() if k in LEVEL_DEFAULTS}
                default(level, **own if "act" not in level else {k: v for k, v in own.items() if k != "speechAct"})

    faults.keep(tree, "claims", write_claim)
    for inference in listed(tree.get("inference", [])):
        if isinstance(inference, dict):
            _expand_each(inference.get("graph"), ("id", *RELATIONS), claims)
    for source in listed(tree.get("sources", [])):
        if isinstance(source, dict) and "partOf" in source:  # a part of a body of people is another relation
            source["partOfSource"] = source.pop("partOf")
    _expand_each(tree.get("sources"), ("id", "partOfSource", "restsOn"), sources)
    _expand_each(tree.get("mentions"), ("of",), sources)
    faults.keep(tree, "withdrawn", lambda entry: _write_notice(entry, tree, claims, path))


def _defaults(tree: Node, path: Path) -> Node:
    values = tree.pop("defaults", {})
    if not isinstance(values, dict):
        raise error(path, tree, "defaults are keys with values", "write them like defaults: {certainty: certain}")
    known = (*CLAIM_DEFAULTS, *LEVEL_DEFAULTS)
    if unknown := next((key for key in values if key is not LINE and key not in known), None):
        remedy = f"only these can have one: {', '.join(known)}"
        raise error(path, values, f"{shortened(unknown)} has no default", remedy)
    for key in (key for key in values if key is not LINE and key not in _OPEN):
        if values[key] not in (names := concepts(key)):
            remedy = f"write {', '.join(names[:-1])} or {names[-1]}"
            raise error(path, values, f"the default {shortened(values[key])!r} is no {key}", remedy)
    return values


def _attribution(claim: Node, named: NamedLevels, path: Path) -> None:
    written = {key: claim.pop(key) for key in LEVEL_KEYS if key in claim}
    if written and "attribution" in claim:
        remedy = "write them under attribution, or take attribution out"
        raise error(path, claim, f"the claim has an attribution, and {', '.join(written)} beside it", remedy)
    if written:
        claim["attribution"] = {LINE: claim[LINE]} | written
    if "attribution" in claim:
        claim["attribution"] = named.write_out(claim["attribution"])


def _words(claim: Node, path: Path) -> None:
    if "words" in claim:
        if "anchor" in claim:
            raise error(path, claim, "the claim has words and an anchor, which are the same", "keep one of the two")
        claim["anchor"] = claim.pop("words")


def _write_notice(entry: Node, tree: Node, claims: str, path: Path) -> None:
    """Make an entry the notice that something was withdrawn. An id such as ``#reason`` is of a part of the article."""
    remedy = "write it like {id: ferry-early, reason: …, by: id/org/harbour, date: 2026-11-28, replacedBy: ferry-late}"
    if not isinstance(entry.get("id"), str):
        raise error(path, entry, "an entry of withdrawn has no id", remedy)
    if "type" in entry:
        raise error(path, entry, "what is withdrawn is no longer described, and has no type", remedy)
    _expand_ids(entry, ("id", "replacedBy"), claims)
    for key in {"id", "replacedBy"} & entry.keys():
        iris = [
            str(tree.get("id", "")) + v if isinstance(v, str) and v.startswith("#") else v for v in listed(entry[key])
        ]
        entry[key] = iris if isinstance(entry[key], list) else iris[0]
    gone: Node = {LINE: entry[LINE]} | {key: entry.pop(key) for key in ("id", "replacedBy") if key in entry}
    name = gone["id"] + ("-withdrawal" if "#" in gone["id"] else "#withdrawal")
    for word, term in (("reason", "comment"), ("by", "attributedTo")):
        if word in entry:
            entry[term] = entry.pop(word)
    entry |= {"id": name, "type": "Withdrawal", "withdraws": gone}


def _expand_each(nodes: object, keys: tuple[str, ...], space: str) -> None:
    for node in listed(nodes):
        if isinstance(node, dict):
            _expand_ids(node, keys, space)


def _expand_ids(node: Node, keys: tuple[str, ...], space: str) -> None:
    """Write out the slugs under those keys, which stand for IRIs in ``space``; a value with a slash or a colon, or of a
    part (``#troops``), is none."""
    for key in (key for key in keys if key in node):
        iris = [_expand(value, space) for value in listed(node[key])]
        node[key] = iris if isinstance(node[key], list) else iris[0]


def _expand(value: object, space: str) -> object:
    if isinstance(value, str) and space and not value.startswith("#") and not {"/", ":"} & set(value):
        return space + value
    return value
