"""The document of an imported article: YAML, with claims in words, in blocks that can be compared one by one."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.importing import acts, nesting
from quoth.claim.importing.article import Agent, Article, Attribution, Misfit, Span
from quoth.claim.importing.places import Placed, UnplacedError, pieces
from quoth.claim.importing.sources import Sources, plain
from quoth.claim.model.namespaces import CONTEXT_IRI

SILENT = ("declinedToComment", "didNotRespond", "couldNotBeReached")
"""Acts without a content: the words of their claims are the cue."""


_ACT = re.compile(r"(.+?)-act(?:-.+)?")

HEAD = ""
"""The name of the list of the keys before the lists."""


LEVELS = "levels"
"""The name of the list of named levels, a mapping, whose entries are those that several claims have."""


@dataclass
class Document:
    """The entries of the lists of a document: name of the list → id → YAML of the entry. HEAD is the name of the keys
    before the lists."""

    lists: dict[str, dict[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        head = "".join(self.lists.get(HEAD, {}).values())
        lists = (f"\n{name}:\n{''.join(entries.values())}" for name, entries in self.lists.items() if name and entries)
        return head + "".join(lists)


def of_article(placed: Placed, sources: Sources, most: int) -> tuple[Document, list[Misfit]]:
    """The document of an article whose anchors have at most ``most`` words (0: as many as they are), and what of it
    does not fit."""
    article, misfits = placed.article, list[Misfit]()
    by_id = {a.id: a for a in placed.attributions}
    within = nesting.outer(placed.attributions, placed.spans)
    levels = _Levels(article.text, by_id, placed.spans, within, sources, most)
    claims: dict[str, _Claim] = {}
    for attribution in placed.attributions:
        if (act := _ACT.fullmatch(attribution.id)) and act[1] in within:
            continue  # of an export: the claim that somebody's act took place follows from the levels of another
        try:
            claims[attribution.id] = levels.claim(attribution)
        except UnplacedError as error:
            misfits.append(error.misfit(attribution.where))
    named = _named(claims)
    agents = [article.encoding.encoder, *filter(None, [article.publisher])]
    authors = [
        id if "/" in id else f"id/source/{article.slug}/{id}"
        for id in map(sources.id, article.authors if article.first else ())
    ]
    entities = {agent.id for agent in article.entities}
    lists = {
        HEAD: _head(article, authors),
        "entities": {a.id: entry(a) for a in agents if a.id and a.id not in entities},
        "sources": {id: _source(id, agent) for id, agent in sources.described.items()},
        LEVELS: {name: f"  {_key(name)}: {level}\n" for level, name in named.items()},
        "claims": {id: claim.written(id, named) for id, claim in claims.items()},
    }
    return Document(lists), misfits


def of_entities(agents: Iterable[Agent]) -> Document:
    """The document of entities that several articles name."""
    return Document(
        {HEAD: _keys([("@context", CONTEXT_IRI)]), "entities": {agent.id: entry(agent) for agent in agents}}
    )


def entry(agent: Agent) -> str:
    """The entry of an entity."""
    label = plain(agent.label) or agent.id
    return f"  - {flow({'id': agent.id, 'type': agent.type, 'label': label, **dict(agent.details)})}\n"


def flow(value: object) -> str:
    """A value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(v)}" for key, v in value.items() if v not in ("", None)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


@dataclass(frozen=True)
class _Claim:
    """A claim: the name of its innermost source, its ``level`` and its ``anchor`` as YAML; the article's own has no
    level."""

    source: str
    level: str
    anchor: str

    def written(self, id: str, named: Mapping[str, str]) -> str:
        """The entry of the claim, by the names of levels."""
        level = f"    level: {scalar(named[self.level])}\n" if self.level in named else ""
        level = level or (f"    attribution: {self.level}\n" if self.level else "")
        return f"  - id: {scalar(id)}\n{level}{self.anchor}"


def _named(claims: Mapping[str, _Claim]) -> dict[str, str]:
    """The levels that several claims have → the name of each: those of its source and of its first claim, so that
    others keep theirs where one is added."""
    count = Counter(claim.level for claim in claims.values() if claim.level)
    named: dict[str, str] = {}
    for id, claim in claims.items():
        if count[claim.level] > 1:
            named.setdefault(claim.level, f"{claim.source}-{id}")
    return named


@dataclass
class _Levels:
    """The claims of a text, with the levels of attribution around each."""

    text: str
    by_id: Mapping[str, Attribution]
    spans: Mapping[str, Sequence[Span]]
    within: Mapping[str, str]
    sources: Sources
    most: int
    """Words that an anchor may have; 0: as many as they are."""

    def claim(self, attribution: Attribution) -> _Claim:
        """The claim of an attribution.

        Raises UnplacedError for one without words that say anything."""
        act = self._act(attribution)
        spans = self.spans[attribution.id] or (self.spans[f"{attribution.id} cue"] if act in SILENT else ())
        if not spans:
            detail = "the attribution has no content, and its cue does not say that somebody was silent"
            raise UnplacedError("without content", detail, "annotate what is said, or leave it out")
        source, level = "", ""
        if attribution.source:
            chain = list(islice(self._chain(attribution), nesting.MAX_LEVELS + 1))
            if len(chain) > nesting.MAX_LEVELS:
                detail = f"{attribution.id} has more than {nesting.MAX_LEVELS} levels"
                raise UnplacedError("too many levels", detail, "leave out the outer ones")
            innermost = self._level(chain, silent=act in SILENT)
            source, level = str(innermost["source"]).rpartition("/")[2], flow(innermost)
        anchors = "".join(f"      - {flow(anchor)}\n" for anchor in self._anchors(spans))
        return _Claim(source, level, f"    anchor:\n{anchors}")

    def _chain(self, attribution: Attribution) -> Iterator[Attribution]:
        """The attribution and those that report it, from the inside out."""
        seen = set[str]()
        while attribution.id not in seen:
            yield attribution
            seen.add(attribution.id)
            outer = self.by_id.get(self.within.get(attribution.id, ""))
            if outer is None or outer.source is None:
                return
            attribution = outer

    def _level(self, chain: list[Attribution], *, silent: bool = False) -> dict[str, object]:
        inner, *around = chain
        assert inner.source is not None, "levels have sources"
        cue = () if silent else self.spans[f"{inner.id} cue"]
        mention = self.spans[f"{inner.id} mention"]
        at = ",".join(str(span.start) for span in mention)
        level: dict[str, object] = {"source": self.sources.id(inner.source, inner.id, at)}
        if mention:
            level["mention"] = self._anchors(mention)
        level["speechAct"] = self._act(inner)
        if inner.addressee:
            level["addressee"] = self.sources.id(inner.addressee, inner.id)
        if cue:
            level["cue"] = self._anchors(cue)
        if around:
            level["within"] = self._level(around)
        return level

    def _act(self, attribution: Attribution) -> str:
        if attribution.speech_act:
            return attribution.speech_act
        cue = " ".join(self.text[s.start : s.end] for s in self.spans[f"{attribution.id} cue"])
        return acts.of_cue(cue)

    def _anchors(self, spans: Iterable[Span]) -> list[dict[str, object]]:
        cut = (piece for span in spans for piece in (pieces(self.text, span, self.most) if self.most else [span]))
        return [self._anchor(span) for span in cut]

    def _anchor(self, span: Span) -> dict[str, object]:
        return {"exact": self.text[span.start : span.end], "start": span.start, "end": span.end}


def _source(id: str, agent: Agent) -> str:
    type = [agent.type, "Agent"] if agent.type == "AnonymousSource" else ["Source", agent.type]
    return f"  - {flow({'id': id, 'type': type, 'label': agent.label, **dict(agent.details)})}\n"


def _head(article: Article, authors: list[str]) -> dict[str, str]:
    """The keys of a document before its lists. Only that of the first encoding describes the article."""
    encoding = article.encoding
    lines: list[tuple[str, object]] = [("@context", CONTEXT_IRI), ("id", f"id/article/{article.slug}")]
    if article.first:
        facts = dict(article.facts)
        lines += [("type", "Article"), *facts.items()]
        if not facts.keys() & {"headline", "label"}:
            lines.append(("label", article.slug))
        publisher = article.publisher.id if article.publisher else ""
        sha256 = hashlib.sha256(article.text.encode("utf-8")).hexdigest()
        text = {"sha256": sha256, "length": len(article.text), "licence": article.text_licence}
        lines += [("publisher", publisher), ("author", authors), ("language", article.language), ("text", text)]
    made = {
        "id": f"#encoding-{encoding.name}" if encoding.name and not article.first else "",
        "attributedTo": encoding.encoder.id,
        "created": encoding.created,
        "method": encoding.method,
        "licence": encoding.licence,
        "status": encoding.status,
    }
    lines.append(("encoding", made))
    return _keys(lines)


def _keys(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Each key with its line."""
    return {key: f"{_key(key)}: {flow(value)}\n" for key, value in pairs if value not in ("", [], None)}


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z]\w*", key, re.ASCII) else scalar(key)
