"""The form of what a reader yields. A reader may be another package's: what is not in this form goes no further.

Names become parts of IRIs and of paths, keys of YAML; everything else is written between quotation marks.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from quoth.claim.importing.article import Agent, Article, Attribution, Misfit
from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.corpus.new import slug_of

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AGENT = re.compile(r"(id/[a-z]+/)?[a-z0-9]+(-[a-z0-9]+)*")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]{0,60}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_OF_DOCUMENTS = frozenset(("id", "type", "text", "encoding", "entities", "sources", "claims", "language", "publisher"))
MAX_NAME = 150
"""Letters of a slug: it is a part of the name of a file."""
_ADVICE = "it is a mistake of the reader: tell those who make it"
_ADDRESS = re.compile(r'https?://[^\s<>"{}|\\^`]+')
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:.*)?")


def with_fit_facts(article: Article) -> tuple[Article, list[Misfit]]:
    """The article without an address that is none, and a date that is none, which are told; a date has no time."""
    facts, misfits = dict(article.facts), list[Misfit]()
    if (url := facts.get("url")) is not None and not _ADDRESS.fullmatch(str(url)):
        remedy = "write the whole address, from https:// on"
        misfits.append(Misfit("no address", article.where, f"{str(facts.pop('url'))[:80]!r} is no address", remedy))
    if (date := facts.get("datePublished")) is not None:
        if (found := _DAY.fullmatch(str(date))) and _is_day(found[1]):
            facts["datePublished"] = found[1]
        else:
            del facts["datePublished"]
            detail = f"{str(date)[:80]!r} is no date"
            misfits.append(Misfit("no date", article.where, detail, "write it like 2026-11-28"))
    return replace(article, facts=tuple(facts.items())), misfits


def _is_day(written: str) -> bool:
    try:
        datetime.date.fromisoformat(written)
    except ValueError:
        return False
    return True


def of_article(article: Article) -> Misfit | None:
    """The fault of an article, apart from its attributions; None if there is none."""
    where = str(article.where)
    if isinstance(article.text, str) and not article.text.strip():
        return Misfit("without a text", where, "its text is empty", "is it the right file?")
    if isinstance(article.language, str) and not _LANGUAGE.fullmatch(article.language):
        remedy = "name the language in the mapping: defaults.language, such as en"
        return Misfit("no language", where, f"{article.language!r:.80} is no tag of a language", remedy)
    wrong = next(_wrong(article), "")
    return Misfit("not in form", where, wrong, _ADVICE) if wrong else None


def of_attribution(attribution: Attribution) -> Misfit | None:
    """The fault of an attribution; None if there is none."""
    wrong = next(_wrong_attribution(attribution), "")
    return Misfit("not in form", str(attribution.where), wrong, _ADVICE) if wrong else None


def _wrong(article: Article) -> Iterator[str]:
    encoding = article.encoding
    if not _is_slug(article.slug):
        yield f"{article.slug!r:.80} is no slug, such as {slug_of(str(article.slug))[:40] or 'ferry-late'!r}"
    if encoding.name and not _is_slug(encoding.name):
        yield f"{encoding.name!r:.80} is no name of an encoding"
    if not isinstance(article.text, str):
        yield "its text is none"
    elif re.search("[\ud800-\udfff\0]", article.text):
        yield "its text has a character that no file of text has (U+0000, or half of one)"
    if not isinstance(article.language, str):
        yield "its language is no text"
    agents = [encoding.encoder, *filter(None, [article.publisher]), *article.authors, *article.entities]
    if not encoding.encoder.id:
        yield "its encoding is nobody's: the encoder has no id"
    yield from (problem for agent in agents if (problem := _wrong_agent(agent)))
    for key, _ in article.facts:
        if not _TERM.fullmatch(key) or key in _OF_DOCUMENTS:
            yield f"{key!r:.80} is no key of an article's description"


def _wrong_attribution(attribution: Attribution) -> Iterator[str]:
    if not _is_slug(attribution.id):
        yield f"{attribution.id!r:.80} is no id of an attribution: small letters and digits, with hyphens"
    if attribution.speech_act and not hasattr(SPEECH_ACT, attribution.speech_act):
        yield f"{attribution.speech_act!r:.80} is no speech act"
    for agent in filter(None, (attribution.source, attribution.addressee)):
        if problem := _wrong_agent(agent):
            yield problem


def _wrong_agent(agent: Agent) -> str:
    if agent.id and not (_AGENT.fullmatch(agent.id) and len(agent.id) <= MAX_NAME):
        return f"{agent.id!r:.80} is no id, such as lind or id/person/lind"
    if not _TERM.fullmatch(agent.type) or not all(_TERM.fullmatch(key) for key, _ in agent.details):
        return f"{agent.label!r:.80} has a type or a key that is no word"
    return ""


def _is_slug(name: object) -> bool:
    return isinstance(name, str) and len(name) <= MAX_NAME and _SLUG.fullmatch(name) is not None
