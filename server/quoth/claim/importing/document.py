"""The document of an imported article: YAML, with claims in words, in blocks that can be compared one by one."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.checking.anchors import MAX_WORDS
from quoth.claim.importing import acts, nesting
from quoth.claim.importing.article import Agent, Article, Attribution, Misfit, Span
from quoth.claim.importing.places import Places, Unplaced, pieces
from quoth.claim.importing.sources import Rule, Sources
from quoth.claim.model.namespaces import CONTEXT_IRI

SILENT = ("declinedToComment", "didNotRespond", "couldNotBeReached")
"""Acts without a content: the words of their claims are the cue."""


@dataclass
class Document:
    """The head of a document, and the entries of its lists: name of the list → id → YAML of the entry."""

    head: str
    lists: dict[str, dict[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        lists = (f"\n{name}:\n{''.join(entries.values())}" for name, entries in self.lists.items() if entries)
        return self.head + "".join(lists)


def of_article(article: Article, rule: Rule, entity: Callable[[str], str | None]) -> tuple[Document, list[Misfit]]:
    """The document of an article, and what of it does not fit. ``entity`` gives the id of the entity that a person has
    found behind a name."""
    misfits: list[Misfit] = []
    kept, spans = _placed(article, misfits)
    within = nesting.outer(kept, spans)
    sources = Sources(article, rule, entity)
    by_id = {a.id: a for a in kept}
    levels = _Levels(article.text, by_id, spans, within, sources)
    most = 0 if article.text_licence else MAX_WORDS
    claims: dict[str, str] = {}
    for attribution in kept:
        try:
            claims[attribution.id] = levels.claim(attribution, most)
        except Unplaced as error:
            misfits.append(error.misfit(attribution.where))
    agents = [article.encoding.encoder, *filter(None, [article.publisher])]
    authors = [id if "/" in id else f"id/source/{article.slug}/{id}" for id in map(sources.id, article.authors)]
    document = Document(_head(article, authors))
    document.lists["entities"] = {a.id: entry(a) for a in agents if a.id and not _among(a, article.entities)}
    document.lists["sources"] = {id: _source(id, agent) for id, agent in sources.described.items()}
    document.lists["claims"] = claims
    return document, misfits


def of_entities(agents: Iterable[Agent]) -> Document:
    """The document of entities that several articles name."""
    return Document(f'"@context": {CONTEXT_IRI}\n', {"entities": {agent.id: entry(agent) for agent in agents}})


def entry(agent: Agent) -> str:
    """The entry of an entity."""
    return f"  - {flow({'id': agent.id, 'type': agent.type, 'label': agent.label, **dict(agent.details)})}\n"


def flow(value: object) -> str:
    """A value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key) if key[0] == '@' else key}: {flow(v)}" for key, v in value.items() if v not in ("", None)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def _placed(article: Article, misfits: list[Misfit]) -> tuple[list[Attribution], dict[str, list[Span]]]:
    """The attributions whose words all stand in the text, and where: the words by id, and cues and mentions by
    ``id cue`` and ``id mention``."""
    places, kept, spans = Places(article.text), [], dict[str, list[Span]]()
    for attribution in article.attributions:
        if attribution.id in spans:
            detail = f"a second attribution has the id {attribution.id}"
            misfits.append(Misfit("id used twice", attribution.where, detail, "give each an id of its own"))
            continue
        try:
            found = {
                attribution.id: places.spans(attribution.words),
                f"{attribution.id} cue": places.spans(attribution.cue),
                f"{attribution.id} mention": places.spans(attribution.mention),
            }
        except Unplaced as error:
            misfits.append(error.misfit(attribution.where))
            continue
        spans |= found
        kept.append(attribution)
    return kept, spans


@dataclass
class _Levels:
    """The claims of a text, with the levels of attribution around each."""

    text: str
    by_id: Mapping[str, Attribution]
    spans: Mapping[str, list[Span]]
    within: Mapping[str, str]
    sources: Sources

    def claim(self, attribution: Attribution, most: int) -> str:
        """The entry of a claim, whose anchors have at most ``most`` words (0: as many as they are).

        Raises Unplaced for one without words that say anything."""
        act = self._act(attribution)
        spans = self.spans[attribution.id] or (self.spans[f"{attribution.id} cue"] if act in SILENT else [])
        if not spans:
            detail = "the attribution has no content, and its cue does not say that somebody was silent"
            raise Unplaced("without content", detail, "annotate what is said, or leave it out")
        lines = [f"  - id: {scalar(attribution.id)}\n"]
        if attribution.source:
            chain = list(self._chain(attribution))
            lines.append(f"    attribution: {flow(self._level(chain, silent=act in SILENT))}\n")
        cut = [piece for span in spans for piece in (pieces(self.text, span, most) if most else [span])]
        lines += ["    anchor:\n", *(f"      - {flow(self._anchor(span))}\n" for span in cut)]
        return "".join(lines)

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
        cue = [] if silent else self.spans[f"{inner.id} cue"]
        level: dict[str, object] = {"source": self.sources.id(inner.source, inner.id)}
        if mention := self.spans[f"{inner.id} mention"]:
            level["mention"] = [self._anchor(span) for span in mention]
        level["speechAct"] = self._act(inner)
        if inner.addressee:
            level["addressee"] = self.sources.id(inner.addressee, inner.id)
        if cue:
            level["cue"] = [self._anchor(span) for span in cue]
        if around:
            level["within"] = self._level(around)
        return level

    def _act(self, attribution: Attribution) -> str:
        if attribution.speech_act:
            return attribution.speech_act
        cue = " ".join(self.text[s.start : s.end] for s in self.spans[f"{attribution.id} cue"])
        return acts.of_cue(cue)

    def _anchor(self, span: Span) -> dict[str, object]:
        return {"exact": self.text[span.start : span.end], "start": span.start, "end": span.end}


def _source(id: str, agent: Agent) -> str:
    type = [agent.type, "Agent"] if agent.type == "AnonymousSource" else ["Source", agent.type]
    return f"  - {flow({'id': id, 'type': type, 'label': agent.label, **dict(agent.details)})}\n"


def _among(agent: Agent, agents: Iterable[Agent]) -> bool:
    return any(agent.id == other.id for other in agents)


def _head(article: Article, authors: list[str]) -> str:
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
    return "".join(f"{json.dumps(k) if k[0] == '@' else k}: {flow(v)}\n" for k, v in lines if v not in ("", [], None))
