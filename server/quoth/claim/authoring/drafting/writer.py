"""The claims of a draft as YAML: in words, with each value that the text decides, and ``confirm`` where it does not."""

import re
from collections.abc import Iterable, Sequence

from quoth.claim.authoring.drafting.attributions import Attribution
from quoth.claim.authoring.drafting.decisions import Decision, decide
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.levels import Level
from quoth.claim.authoring.drafting.plain_text import PlainText
from quoth.claim.authoring.drafting.sources import Named, Sources
from quoth.claim.authoring.spans import Span, unique_anchor
from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.checking.anchors import MAX_WORDS, Anchor
from quoth.claim.checking.written_terms import UNDECIDED

_CLAUSE_END = re.compile(r"[.!?…][\"'”’»)]*|[;:]|,[\"'”’»]?|[—–]")
DONE_TO_SOMEBODY = ("accused", "criticised", "permitted", "praised")
"""Acts whose frame needs somebody to whom it is done, which a draft does not know."""

_LEAST_WORDS = 8
"""Words of an anchor before it may end at a mark."""


class Writer:
    """The claims of one text, one after another. Without a language there are only claims of the article's own."""

    def __init__(self, article: str, text: str, plain: PlainText) -> None:
        self.article, self.text, self.plain = article, text, plain

    def own(self, name: str, span: Span) -> str:
        """A claim in the article's own voice: a sentence."""
        return f"  - id: {name}\n{self._anchors((span,))}"

    def attributed(self, name: str, level: Level, sources: Sources) -> str:
        """A claim that a source is said to have made."""
        decision = self._decision(level.attribution, sources.words)
        lines = [f"  - id: {name}", "    attribution:", *self._level(level.attribution, decision, sources, "      ")]
        distant = decision.distant
        if outer := level.within:
            around = self._decision(outer, sources.words)
            lines += ["      within:", *self._level(outer, around, sources, "        ")]
            lines += ["        stance: distances"] if distant else []
            distant = around.distant
        if distant:  # the words of a level are those of the one around it: here the article's
            indent = "        " if outer else "      "
            lines.append(f"{indent}within: {{source: {self.article}, speechAct: reported, stance: distances}}")
        lines.append(self._anchors(level.attribution.content))
        if decision.hints:
            lines.append(f"    # with a content: {', '.join(decision.hints)}")
        return "\n".join(lines)

    def stands(self, level: Level, sources: Sources) -> bool:
        """Whether a level may be proposed. The act of an inner one becomes a claim with a content, which needs to know
        who did it, and that it was done; the frames of some acts also need to whom."""
        if level.within is None:
            return True
        decision = self._decision(level.attribution, sources.words)
        source = level.attribution.source
        if decision.denied or decision.act in DONE_TO_SOMEBODY or source is None:
            return False
        return sources.resolve(source) != ""

    def _decision(self, found: Attribution, words: Language) -> Decision:
        content = " ".join(self.plain.words[s.start : s.end] for s in found.content)
        return decide(found.terms, found.following, content, words)

    def _level(self, found: Attribution, decision: Decision, sources: Sources, indent: str) -> list[str]:
        source, remark = sources.resolve(found.source) if found.source else "", ""
        if decision.denied:
            source, remark = UNDECIDED, "   # the cue says that it was not done: the article's own claim, or another's"
        elif not source:
            who = "who is meant" if found.source else "who, if the text says so: else an anonymous source"
            source, remark = UNDECIDED, f"   # {who}"
        lines = [f"source: {source}{remark}"]
        if found.source:
            lines.append(f"mention: {self._flow(found.source)}")
        lines.append(f"speechAct: {decision.act}{'' if decision.known else '   # or another: no word of the lists'}")
        lines.append(f"cue: {self._flow(found.cue)}")
        return [indent + line for line in lines]

    def _anchors(self, found: Sequence[Span]) -> str:
        parts = [part for span in found for part in parted(self.plain.words, span)]
        if len(parts) == 1:
            return f"    anchor: {self._flow(parts[0])}"
        return "\n".join(["    anchor:", *(f"      - {self._flow(part)}" for part in parts)])

    def _flow(self, span: Span) -> str:
        return flow(unique_anchor(self.text, self.plain.original(span)))


def parted(text: str, span: Span) -> list[Span]:
    """A span as parts that have as many words as an anchor may have, each of them up to the end of a clause."""
    parts: list[Span] = []
    words = [
        Span(span.start + m.start(), span.start + m.end()) for m in re.finditer(r"\S+", text[span.start : span.end])
    ]
    while len(words) > MAX_WORDS:
        ends = [i for i in range(_LEAST_WORDS, MAX_WORDS) if _ends_clause(text, words[i])]
        sentence = [i for i in ends if text[words[i].end - 1] not in ",—–"]
        cut = (sentence or ends or [MAX_WORDS - 1])[-1] + 1
        parts.append(Span(words[0].start, words[cut - 1].end))
        words = words[cut:]
    return [*parts, Span(words[0].start, words[-1].end)] if words else parts


def _ends_clause(text: str, word: Span) -> bool:
    return _CLAUSE_END.search(text[word.start : word.end].lstrip("\"“'"), 1) is not None


def declared(named: Iterable[Named]) -> tuple[str, str]:
    """The lists ``entities`` and ``sources`` of a document."""
    lists: dict[bool, list[str]] = {True: [], False: []}
    for each in named:
        types = each.types[0] if len(each.types) == 1 else f"[{', '.join(each.types)}]"
        lists[each.is_entity].append(f"  - {{id: {each.id}, type: {types}, label: {scalar(each.label)}}}")
    empty = {
        True: "entities: []   # - {id: id/org/…, type: Organization, label: …}; Person, Group, Country, City, Place …",
        False: "sources: []    # - {id: …, type: [AnonymousSource, Group], label: …}",
    }
    entities, sources = (
        "\n".join([f"{key}:", *lists[is_entity]]) if lists[is_entity] else empty[is_entity]
        for key, is_entity in (("entities", True), ("sources", False))
    )
    return entities, sources


def flow(anchor: Anchor) -> str:
    """An anchor as a YAML flow mapping. Strings of JSON are strings of YAML."""
    pairs = {"exact": anchor.exact, "prefix": anchor.prefix, "start": anchor.start, "end": anchor.end}
    return "{" + ", ".join(f"{k}: {scalar(v)}" for k, v in pairs.items() if v != "") + "}"
