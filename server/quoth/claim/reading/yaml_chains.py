"""The chains of a YAML document: the article's own level, the acts of inner levels, and the other readings.

- The outermost level of a chain is the article's. The levels from which another one separates it are inner levels.
- That an inner source said or offered anything is only what the level around it says. So its speech act and its
  addressee become a claim of their own, made through the levels around it: ``<claim>-act`` for the innermost,
  ``<claim>-act-<source>`` for one around it, unless the level names another ``act``. These IRIs depend on the claim and
  the source alone: they stay when a level is put between.
- Where the scope of a level is ambiguous, the claim can be read without that level. There are as many other readings as
  ambiguous levels: without the innermost of them, without the two innermost, and so on. (All their combinations would
  be exponentially many, and share the same levels.)
"""

import re
from pathlib import Path
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import enacted
from quoth.claim.reading.faults import Faults
from quoth.claim.reading.yaml_levels import levels
from quoth.claim.reading.yaml_mentions import as_anchor
from quoth.claim.reading.yaml_tree import LINE, Node, default, error, listed

ACT_CODING = {"certainty": "certain", "polarity": "positive", "realis": "actual", "tense": "past"}
"""How the level around an inner level gives its act: as something that took place, since it is reported. Where the text
has it otherwise (“may have offered”), the author writes the claim of the act."""

_ACT = ("speechAct", "addressee")
"""The keys of an inner level that its act's claim gets and the level itself loses."""


def complete(claim: Node, article: str) -> list[Node]:
    """The levels of a claim's chain, from the inside out, with the article's own at its end.

    Values that need a decision, stance and scope, are given to a claim with a content only."""
    stated, reported = {"speechAct": "stated"}, {"speechAct": "reported"}
    if "content" in claim:
        stated |= {"stance": "endorses", "scope": "explicit"}
        reported |= {"stance": "neutral", "scope": "explicit"}
    chain = levels(claim.setdefault("attribution", {LINE: claim.get(LINE, 1), "source": article} | stated))
    if chain and "within" not in chain[-1] and article:
        if listed(chain[-1].get("source")) != [article]:
            chain[-1]["within"] = {LINE: chain[-1][LINE], "source": article} | reported
            chain.append(chain[-1]["within"])
        elif "content" in claim:
            default(chain[-1], **(stated if len(chain) == 1 else reported))
    return chain


def move_acts(tree: Node, path: Path, faults: Faults) -> None:
    """Complete every chain, and move the acts of inner levels into claims of their own.

    ``faults`` gets levels that have an act which its own claim says already.
    """
    article = str(tree.get("id", ""))
    claims = [c for c in listed(tree.get("claims", [])) if isinstance(c, dict) and isinstance(c.get("id"), str)]
    written = {claim["id"]: claim for claim in claims}
    made: dict[str, Node] = {}

    def move(claim: Node) -> None:
        inner = complete(claim, article)[:-2]
        moved = [_taken(level, *_ACT) for level in inner]
        for name, level, act in zip(_act_names(claim["id"], inner), inner, moved, strict=False):
            if "speechAct" in act and "act" not in level:
                if name in written:
                    message = f"the act of this level would be the claim {shortened(name)}"
                    message += f", which is on line {written[name][LINE]}"
                    remedy = "name the act of this level with act:, giving that claim if it is of this act, or another"
                    raise error(path, level, message, remedy)
                level["act"] = name
        for level, act in zip(inner, moved, strict=True):
            name = str(level.get("act", ""))
            if name in written and act:
                remedy = f"say {' and '.join(act)} in its content alone"
                raise error(path, level, f"the act of this level is the claim {shortened(name)}", remedy)
            if "speechAct" not in act:
                level.update(act)
                continue
            own = act_claim(name, claim, level, act)
            situation = made.setdefault(name, own)["content"]
            if any(situation.get(key) != own["content"].get(key) for key in ("speechAct", "agent", "addressee")):
                raise error(
                    path,
                    level,
                    f"{shortened(name)} is used for another act elsewhere",
                    "give this level's act another name",
                )
            situation["terms"] = list(dict.fromkeys([*situation["terms"], claim["id"]]))
            default(made[name], **{key: value for key, value in own.items() if key in ACT_CODING})

    for claim in claims:
        with faults:
            move(claim)
    if made:
        tree["claims"] = [*listed(tree["claims"]), *made.values()]
        for claim in made.values():
            complete(claim, article)


def _act_names(claim: str, inner: list[Node]) -> list[str]:
    """The IRIs of the claims of the acts of inner levels: of the innermost it has the claim's name alone."""
    names = [f"{claim}-act"]
    for level in inner[1:]:
        names.append("-".join([names[0], *(re.split("[/#]", str(s))[-1] for s in listed(level.get("source", [])))]))
    # That a source is within itself is a finding of its own.
    repeated = [names[:n].count(name) for n, name in enumerate(names)]
    return [f"{name}-{times + 1}" if times else name for name, times in zip(names, repeated, strict=True)]


def act_claim(name: str, claim: Node, level: Node, act: Node) -> Node:
    """The claim that a level of another claim's chain did its act, made by the level around it.

    Its words are those that name the source and the act, or else the claim's own. It is as coded as the claim: one in
    words says nothing of how surely. What it names is understood where the claim says so.
    """
    around = _copied(level["within"])
    if around.get("speechAct") == "reported":
        around["speechAct"] = "said"  # it reports the inner source, and says that this source did its act
    mentions = map(as_anchor, listed(level.get("mention", [])))
    words = [*mentions, *listed(level.get("cue", []))] or listed(claim.get("anchor", []))
    situation = {"eventType": enacted(act["speechAct"]), "agent": level.get("source"), "terms": [claim["id"]]}
    line = {LINE: level[LINE]}
    content = line | {key: value for key, value in situation.items() if value} | act
    named = [*listed(level.get("source", [])), *listed(act.get("addressee", []))]
    understood = [entity for entity in listed(claim.get("understoodEntity", [])) if entity in named]
    coded = (ACT_CODING if "content" in claim else {}) | ({"understoodEntity": understood} if understood else {})
    return line | {"id": name, "anchor": _copied(words), "attribution": around, "content": content} | coded


def other_readings(claim: Node, article: str) -> list[Any]:
    """The innermost levels of the claim's other readings, the longest first: its own levels by their ids where the rest
    of the chain is the reading, else new ones.

    Every level of the chain has an id.
    """
    chain = levels(claim.get("attribution"))
    ambiguous = [n for n, level in enumerate(chain[:-1]) if level.get("scope") == "ambiguous"]
    if not chain or listed(chain[-1].get("source")) != [article]:
        return []
    readings: list[Any] = []
    for count in range(1, len(ambiguous) + 1):
        kept = [n for n in range(len(chain)) if n not in ambiguous[:count]]
        if len(kept) == 1:
            stated = {"source": article, "speechAct": "stated"}
            coded = {"stance": "endorses", "scope": "explicit"} if "content" in claim else {}
            readings.append({LINE: claim[LINE]} | stated | coded)
        elif kept == [*range(kept[0], len(chain))]:
            readings.append(chain[kept[0]]["id"])
        else:
            readings.append(_without(chain, kept))
    return readings


def _without(chain: list[Node], kept: list[int]) -> Node:
    """The levels ``kept`` as a chain of its own, which shares its outer end, words and acts with the whole chain.

    A level that is an inner one in the whole chain alone names its act all the same: the article vouches for it in one
    reading, and not in the other."""
    reading: Any = chain[-1]["id"]
    for n in reversed(kept[:-1]):
        if chain[n]["within"]["id"] == reading:
            reading = chain[n]["id"]
            continue
        own = {key: value for key, value in chain[n].items() if key not in ("id", "within")}
        for key in own.keys() & {"cue", "mention"}:
            own[key] = [words["id"] if isinstance(words, dict) else words for words in listed(own[key])]
        reading = own | {"within": reading}
    assert isinstance(reading, dict), "some level is left out"
    return reading


def _taken(node: Node, *keys: str) -> Node:
    """The values of those keys, which are taken out of the node."""
    return {key: node.pop(key) for key in keys if key in node}


def _copied(value: Any) -> Any:
    """A copy in which levels and words have no ids, so that they get others."""
    if isinstance(value, list):
        return [_copied(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k in ("source", "addressee") else _copied(v) for k, v in value.items() if k != "id"}
    return value
