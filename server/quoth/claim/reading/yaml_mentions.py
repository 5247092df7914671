"""The mentions of a YAML document, written out: the words that name an entity or a source.

- ``mentions`` lists those of the text, each once: ``{of: id/org/velm-salt, exact: the company, start: 425, end: 436}``;
  ``understood: true`` where the words are a pronoun. ``all: true`` stands for every occurrence of the words, until
  ``quoth draft --anchors`` writes each of them out: what is published is explicit.
- ``mention`` on a level are the words that name its source there.
- ``understood`` on a claim lists the entities of its content that none of its words mention.
"""

from pathlib import Path
from typing import Any

from quoth.claim.reading.faults import Faults
from quoth.claim.reading.yaml_levels import levels
from quoth.claim.reading.yaml_tree import LINE, Node, default, error, listed

KEYS = frozenset({"all"})
"""The keys of short forms, which no term of the context stands for."""
FLAGS = frozenset({"understood", "all"})
"""The keys whose value may be true or false."""
OWN_KEYS = ("refersTo", "understood", "comment")
"""The keys that a mention has beyond those of an anchor."""


def write_out(tree: Node, path: Path, faults: Faults) -> None:
    """Write out the mentions in ``tree``; ``faults`` gets those that name nothing."""
    faults.keep(tree, "mentions", lambda mention: _listed_mention(mention, path))

    def write_claim(claim: Any) -> None:
        if "understood" in claim:
            entities = claim.pop("understood")
            if any(not isinstance(v, str) for v in listed(entities)):
                remedy = "list the entities that no words mention, like understood: [id/org/velm-salt]"
                raise error(path, claim, "understood on a claim is a list of entities", remedy)
            claim["understoodEntity"] = entities
        for level in levels(claim.get("attribution")):
            if "mention" in level:
                level["mention"] = [_mention(m, level.get("source"), level) for m in listed(level["mention"])]

    faults.keep(tree, "claims", write_claim)


def identify(mention: Node) -> str:
    """The key of the hash IRI of a listed mention: its offset is in it, so that it stays when others are added."""
    return f"mention-{mention['start']}" if "start" in mention else "mention"


def as_anchor(mention: Any) -> Any:
    """The words of a mention without what they refer to."""
    return {k: v for k, v in mention.items() if k not in OWN_KEYS} if isinstance(mention, dict) else mention


def _listed_mention(mention: Node, path: Path) -> None:
    example = "write it like {of: id/org/velm-salt, exact: the company}"
    if "of" in mention:
        mention["refersTo"] = mention.pop("of")
    if "exact" in mention and not str(mention["exact"]).strip():
        raise error(path, mention, "a mention has no words", example)
    if mention.pop("all", False) and {"start", "end", "prefix", "suffix"} & mention.keys():
        raise error(path, mention, "a mention of all occurrences has a place of its own", "take all: true out")


def _mention(words: Any, source: Any, level: Node) -> Any:
    """The mention of a level's source; an IRI (``#mention``) stands for itself."""
    if isinstance(words, str) and words.startswith("#"):
        return words
    mention = dict(words) if isinstance(words, dict) else {LINE: level[LINE], "exact": words}
    if "of" in mention:
        mention["refersTo"] = mention.pop("of")
    default(mention, refersTo=source)
    return mention
