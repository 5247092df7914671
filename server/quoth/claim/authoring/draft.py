"""A first document for a plain text: one claim in words for each sentence, for a human to complete.

What a person has to decide is ``confirm`` or empty, which ``quoth check`` then reports, in one line for each claim.
"""

import datetime
import functools
import hashlib
import itertools
import json
import re
from dataclasses import dataclass

from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.checking.anchors import Anchor, places
from quoth.claim.checking.sentence_ends import starts
from quoth.claim.checking.written_terms import UNDECIDED
from quoth.claim.model import language_tag
from quoth.claim.model.namespaces import CONTEXT_IRI, SPEECH_ACT
from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.errors import UsageError

MAX_PREFIX_WORDS = 8

HEADLINE_WORDS = 25
"""Words that a headline may have."""

_SUBJECT = re.compile(r"""[,”"'’] (?:[\w.’'-]+ ){0,6}\Z""")
"""The comma and the subject, if any, before the verb that closes a sentence such as “…, the office said.”"""

_AUXILIARIES = "has|have|had|is|are|was|were|been|also|recently"
_PASSIVE = re.compile(r"(?:(?:has|have|had|also|recently) )*(?:is|are|was|were|been)\b", re.IGNORECASE)
_ELLIPSIS = " … "
_ADDRESSEE = r"(?:(?!(?:about|how|if|that|wh(?:at|en|ere|ether|ich|om?|y))\b)[\w.’'-]+,? ){0,10}"
"""A few words, none of which begins a question or a clause."""

_OF_ARTICLES = ("stated", "reported")
"""Acts that only the article's own level can have, and which need no cue."""


@dataclass(frozen=True)
class Span:
    """A part of a text, in code points; the end is exclusive."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of a text, those of quotations too, without the space around them."""
    spans: list[Span] = []
    for start, end in itertools.pairwise((0, *starts(text), len(text))):
        words = text[start:end]
        span = Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
        if span.start < span.end:
            spans.append(span)
    return spans


@functools.cache
def _cues() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of a cue, and the speech act of each verb or phrase. The group of what has matched is ``phrase`` or
    ``verb``, or the name of the act where an addressee may stand between the verb and the rest of the cue."""
    acts = our_vocabulary().concepts(SPEECH_ACT.iri.rstrip("#"))
    forms = {
        form: name for name, act in acts.items() if name not in _OF_ARTICLES for c in act.cues for form in _forms(c)
    }
    known = {form: name for form, name in forms.items() if _ELLIPSIS not in form}
    groups: dict[str, list[str]] = {"phrase": [re.escape(form) for form in known if " " in form]}
    for form in (f for f in forms if f not in known):
        verb, _, rest = form.partition(_ELLIPSIS)
        groups.setdefault(forms[form], []).append(f"{re.escape(verb)}(?= {_ADDRESSEE}{re.escape(rest)}\\b)")
    groups["verb"] = [re.escape(form) for form in known if " " not in form]
    either = "|".join(f"(?P<{name}>{'|'.join(sorted(g, key=len, reverse=True))})" for name, g in groups.items())
    return re.compile(rf"\b(?:(?:{_AUXILIARIES}) )*(?:{either})\b", re.IGNORECASE), known


def _forms(words: str) -> list[str]:
    """A verb or phrase, and the regular forms of its first word."""
    verb, space, rest = words.partition(" ")
    base = verb.removesuffix("e") if verb.endswith("e") else verb
    stem = verb[:-1] + "i" if re.search("[^aeiou]y$", verb) else base
    plural = verb + "s" if stem == base and not re.search("(s|x|ch|sh)$", verb) else stem + "es"
    return [f"{form}{space}{rest}" for form in (verb, plural, f"{stem}ed", f"{base}ing")]


def cue(text: str, sentence: Span) -> tuple[Span, str] | None:
    """The words of a sentence that may attribute, and the speech act; or None.

    They are those that close it, as in “…, the office said.”, or else the first ones: later ones tend to be in what is
    said.
    """
    pattern, acts = _cues()
    found = list(pattern.finditer(text, sentence.start, sentence.end))
    if not found:
        return None
    first, last = found[0], found[-1]
    before, after = text[max(sentence.start, last.start() - 100) : last.start()], text[last.end() : sentence.end]
    match = last if _SUBJECT.search(before) and not re.search(r"\w", after) else first
    group = str(match.lastgroup)
    return Span(match.start(), match.end()), acts[match[group].lower()] if group in ("phrase", "verb") else group


def unique_anchor(text: str, span: Span) -> Anchor:
    """The anchor of a span with the fewest words of prefix that make its quotation unique in the text.

    MAX_PREFIX_WORDS do not suffice in a text that repeats itself at length; only the offsets are unique then.
    """
    exact = text[span.start : span.end]
    prefix_at = span.start
    for _ in range(MAX_PREFIX_WORDS):
        if prefix_at == 0 or len(places(text, Anchor("", "", exact, text[prefix_at : span.start]), 2)) < 2:
            break
        before = text[:prefix_at].rstrip()
        prefix_at = max(before.rfind(" "), before.rfind("\n"), -1) + 1
    return Anchor("", "", exact, text[prefix_at : span.start], start=span.start, end=span.end)


def headline(text: str, spans: list[Span]) -> str:
    """The headline of a text: a first line by itself that does not end as sentences do; else empty."""
    if len(spans) < 2:
        return ""
    first = text[spans[0].start : spans[0].end]
    apart = "\n\n" in text[spans[0].end : spans[1].start].replace("\r", "")
    closed = re.search(r"[.!…:;,][\"'”’)\]]*$", first)
    return first if apart and not closed and "\n" not in first and len(first.split()) <= HEADLINE_WORDS else ""


@dataclass(frozen=True)
class Known:
    """The facts of an article and of its encoder that are known; empty: not known. ``publisher`` is the id of the
    encoder."""

    language: str = "en"
    title: str = ""
    url: str = ""
    publisher: str = ""
    licence: str = ""


def draft(text: str, slug: str, known: Known = Known()) -> str:
    """A YAML document with the text's hash and length, and one claim in words for each of its sentences.

    Raises UsageError for a language that is no tag of BCP 47."""
    language = known.language
    if remedy := language_tag.remedy(language):
        raise UsageError(f"{language!r} is not a language tag (BCP 47)", remedy=remedy)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    article = f"id/article/{slug}"
    spans = sentences(text)
    first = headline(text, spans)
    title = known.title or first
    name = f"headline: {scalar(title)}" if title else 'label: ""   # what this article is, in your own words'
    others = "publisher, author, datePublished, section: those that the article itself gives"
    others = others if title else f"headline, {others}"
    url = f"url: {scalar(known.url)}\n# {others}" if known.url else f"# url, {others}"
    who = known.publisher or f"id/org/{UNDECIDED}"
    licence = known.licence or "https://creativecommons.org/licenses/by/4.0/"
    head = f"""\
"@context": {CONTEXT_IRI}
id: {article}
type: Article
{name}
language: {json.dumps(language)}
{url}
text: {{sha256: "{sha256}", length: {len(text)}}}
encoding:
  attributedTo: {who}   # who encodes{"" if known.publisher else ": describe them under entities"}
  created: {datetime.date.today().isoformat()}
  method: ""   # how: by hand, by whom checked
  licence: {licence}   # of the encoding; the quoted words stay their publisher's

entities: []   # - {{id: id/org/…, type: Organization, label: …}}; Person, Group, Country, City, Place …
sources: []    # - {{id: …, type: [AnonymousSource, Group], label: …}}
topics: []

claims:"""
    stubs = (_stub(text, number, span) for number, span in enumerate(spans[bool(first) :], 1))
    return "\n".join([head, *stubs]) + "\n"


def _stub(text: str, number: int, span: Span) -> str:
    lines = [f"  - id: sentence-{number}   # one claim for each assertion in the sentence"]
    if attribution := cue(text, span):
        words, speech_act = attribution
        passive = _PASSIVE.match(text, words.start, words.end)
        who = "who, if the sentence says so: else an anonymous source" if passive else "by the cue"
        lines += [
            f"    source: {UNDECIDED}   # {who}; delete it if the article speaks for itself",
            f"    speechAct: {speech_act}",
            f"    cue: {_flow(unique_anchor(text, words))}",
        ]
    lines.append(f"    words: {_flow(unique_anchor(text, span))}   # keep the fewest words")
    return "\n".join(lines)


def _flow(anchor: Anchor) -> str:
    """An anchor as a YAML flow mapping. Strings of JSON are strings of YAML."""
    pairs = {"exact": anchor.exact, "prefix": anchor.prefix, "start": anchor.start, "end": anchor.end}
    return "{" + ", ".join(f"{k}: {scalar(v)}" for k, v in pairs.items() if v != "") + "}"
