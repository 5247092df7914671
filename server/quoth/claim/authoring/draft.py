"""A first document for a plain text: claims in words, with the sources that the text names, for a human to correct.

Sentences that no source is found for are claims of the article's own. What a person has to decide is ``confirm`` or
empty, which ``quoth check`` then reports, in one line for each claim.
"""

import datetime
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from quoth.claim.authoring.drafting.attributions import attributions
from quoth.claim.authoring.drafting.language import Language, language
from quoth.claim.authoring.drafting.levels import Level, with_inner
from quoth.claim.authoring.drafting.plain_text import PlainText, plain_text
from quoth.claim.authoring.drafting.sources import Sources
from quoth.claim.authoring.drafting.tagger import weights
from quoth.claim.authoring.drafting.writer import Writer, declared
from quoth.claim.authoring.spans import Span, sentences
from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.checking.written_terms import UNDECIDED
from quoth.claim.model import language_tag
from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.errors import UsageError

HEADLINE_WORDS = 25
"""Words that a headline may have."""


def headline(text: str, spans: list[Span]) -> str:
    """The headline of a text: a first line by itself that does not end as sentences do; else empty."""
    if len(spans) < 2:
        return ""
    first = text[spans[0].start : spans[0].end]
    apart = "\n\n" in text[spans[0].end : spans[1].start].replace("\r", "")
    closed = re.search(r"[.!…:;,][\"'”’)\]]*$", first)
    return first if apart and not closed and "\n" not in first and len(first.split()) <= HEADLINE_WORDS else ""


def headline_of(text: str) -> str:
    """The headline of a text with its markup; else empty."""
    words = plain_text(text).words
    return headline(words, sentences(words))


@dataclass(frozen=True)
class Known:
    """The facts of an article and of its encoder that are known; empty: not known. ``publisher`` is the id of the
    encoder, ``entities`` are ids of entities by their names in small letters."""

    language: str = "en"
    title: str = ""
    url: str = ""
    publisher: str = ""
    licence: str = ""
    entities: Mapping[str, str] = field(default_factory=dict)


def notices(text: str, tag: str) -> list[str]:
    """Notices about the draft of a text: what it passes over, and which lists there are none of."""
    lacking = [] if language(tag) else [f"there are no word lists for {tag}: no sources, cues or acts are proposed"]
    return [*lacking, *plain_text(text).notices]


def draft(text: str, slug: str, known: Known = Known()) -> str:
    """A YAML document with the text's hash and length, its sources, and claims in words for each of its sentences.

    Raises UsageError for a language that is no tag of BCP 47."""
    tag = known.language
    if remedy := language_tag.remedy(tag):
        raise UsageError(f"{tag!r} is not a language tag (BCP 47)", remedy=remedy)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    article = f"id/article/{slug}"
    plain = plain_text(text)
    spans = sentences(plain.words)
    first = headline(plain.words, spans)
    title = known.title or first
    name = f"headline: {scalar(title)}" if title else 'label: ""   # what this article is, in your own words'
    others = "publisher, author, datePublished, section: those that the article itself gives"
    others = others if title else f"headline, {others}"
    url = f"url: {scalar(known.url)}\n# {others}" if known.url else f"# url, {others}"
    who = known.publisher or f"id/org/{UNDECIDED}"
    licence = known.licence or "https://creativecommons.org/licenses/by/4.0/"
    entities, sources, claims = _claims(article, text, plain, spans[bool(first) :], known)
    remarks = "".join(f"# {notice}\n" for notice in notices(text, tag))
    head = f"""\
"@context": {CONTEXT_IRI}
{remarks}id: {article}
type: Article
{name}
language: {json.dumps(tag)}
{url}
text: {{sha256: "{sha256}", length: {len(text)}}}
encoding:
  attributedTo: {who}   # who encodes{"" if known.publisher else ": describe them under entities"}
  created: {datetime.date.today().isoformat()}
  method: ""   # how: by hand, by whom checked
  licence: {licence}   # of the encoding; the quoted words stay their publisher's

{entities}
{sources}
topics: []

claims:   # proposals: keep the fewest words, one claim for each assertion, and no sentence that needs none"""
    return "\n".join([head, *claims]) + "\n"


def _claims(article: str, text: str, plain: PlainText, spans: list[Span], known: Known) -> tuple[str, str, list[str]]:
    """The lists of entities and of sources of a document, and its claims, in the order of the text."""
    lists = language(known.language)
    writer = Writer(article, text, plain)
    if lists is None:
        return *declared(()), [writer.own(f"sentence-{n}", span) for n, span in enumerate(spans, 1)]
    sources = Sources(plain.words, lists, known.entities)
    levels = _levels(plain.words, lists, spans[0].start if spans else 0)
    claims: list[str] = []
    starts = [span.start for span in spans]
    said = (part for level in levels for part in level.attribution.content)
    covered = {n for part in said for n in range(bisect_right(starts, part.start), bisect_left(starts, part.end) + 1)}
    at = 0
    for number, span in enumerate(spans, 1):
        here: list[Level] = []
        while at < len(levels) and levels[at].attribution.cue.start < span.end:
            here += [levels[at]] if writer.stands(levels[at], sources) else []
            at += 1
        names = (f"sentence-{number}" + (f"-{n}" if n > 1 else "") for n in range(1, len(here) + 1))
        claims += [writer.attributed(name, level, sources) for name, level in zip(names, here, strict=True)]
        if not here and number not in covered:
            claims.append(writer.own(f"sentence-{number}", span))
    return *declared(sources.declared.values()), claims


def _levels(words: str, lists: Language, start: int) -> list[Level]:
    model = weights()
    found = attributions(words, lists, model, start)
    levels = [level for each in found for level in with_inner(words, each, lists, model)]
    return sorted(levels, key=lambda level: level.attribution.cue)
