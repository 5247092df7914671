"""The named levels of a YAML document, written out: what several claims have from the same source, in the same words.

``levels: {dossiers: {source: …, speechAct: recorded, cue: …}}`` at the top of a document names them. A claim, or a
level, that says ``level: dossiers`` has the keys of that level, but for those that it has itself. ``within: dossiers``
is short for ``within: {level: dossiers}``.
"""

import copy
import difflib
from pathlib import Path
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.reading.yaml_tree import LINE, MAX_NODES, Node, error, walk

LEVEL_KEYS = ("level", "source", "mention", "speechAct", "act", "addressee", "stance", "scope", "cue", "within")
"""The keys of a level of attribution, which a claim may have itself."""


EXAMPLE = "write it like levels: {office: {source: id/org/harbour-office, speechAct: said}}"


def levels(level: object) -> list[Node]:
    """A level of attribution and those around it, from the inside out."""
    chain: list[Node] = []
    while isinstance(level, dict):
        chain.append(level)
        level = level.get("within")
    return chain


class NamedLevels:
    """The levels that a document names. Raises DocumentError (file:line) for one that is not a level."""

    def __init__(self, tree: Node, path: Path) -> None:
        named: Node = tree.pop("levels", {})
        self.path = path
        self.named = {name: level for name, level in named.items() if name is not LINE}
        self.finished: Node = {}
        self.values_left = MAX_NODES
        for name, level in self.named.items():
            if not isinstance(level, dict):
                raise error(path, named, f"{shortened(name)} is not a level of attribution: keys with values", EXAMPLE)
            if strange := next((key for key in level if key is not LINE and key not in LEVEL_KEYS), None):
                detail = f"{shortened(name)} is a level of attribution, and cannot have {shortened(strange)}"
                raise error(path, level, detail, f"its keys are {', '.join(LEVEL_KEYS)}")
        for level in self.named.values():
            self.write_out(level)

    def write_out(self, level: Any, inside: tuple[str, ...] = ()) -> Any:
        """The level, with those around it, without names; the names ``inside`` which it stands have not ended.

        Raises DocumentError for a name that no level has, and for levels that stand within themselves."""
        if not isinstance(level, dict):
            return level
        own = {key: value for key, value in level.items() if key != "level"}
        around = own.get("within")
        if isinstance(around, str) and not {"/", ":", "#"} & set(around):
            around = {LINE: level[LINE], "level": around}
        if around is not None:
            own["within"] = self.write_out(around, inside)
        if "level" not in level:
            return own
        of_name = self._named(level, inside)
        return of_name | own if own.keys() > {LINE} else of_name

    def _named(self, level: Node, inside: tuple[str, ...]) -> Node:
        """A copy of the level of that name, of which no part is shared."""
        name = level["level"]
        if name in inside:
            way = shortened(" → ".join((*inside, name)))
            raise error(self.path, level, f"the level {shortened(name)} is within itself: {way}")
        if not isinstance(name, str) or name not in self.named:
            near = difflib.get_close_matches(str(name), self.named, 1)
            names = f"the document has {shortened(', '.join(self.named))}" if self.named else "name it under levels"
            remedy = f"did you mean {shortened(near[0])}?" if near else names
            raise error(self.path, level, f"no level has the name {shortened(name)!r}", remedy)
        if name not in self.finished:
            self.finished[name] = self.write_out(self.named[name], (*inside, name))
        self.values_left -= sum(1 for _ in walk(self.finished[name]))
        if self.values_left < 0:
            raise error(self.path, level, f"its levels expand to more than {MAX_NODES:,} values", "name smaller ones")
        written: Node = copy.deepcopy(self.finished[name])
        return written
