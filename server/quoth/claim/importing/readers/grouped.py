"""Records of quotations, one claim each, put together by their articles: what tables and lists of proposals are."""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Encoding, Located, Misfit, Place, Quote
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.corpus.new import lasting_slug

Offsets = tuple[tuple[int, int], ...]
"""The beginnings and the ends of the parts of a quotation, in code points."""

OMISSION = " […] "
"""The sign between the parts of a quotation that have other words between them."""
_OMISSION = re.compile(r"\s*\[(?:…|\.\.\.)\]\s*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*\s|\n")
MAX_NAME = 80
"""Characters of a name that is made of an input's words."""
MAX_PLACES = 1000
"""Places of a cue among which the nearest one is looked for."""


@dataclass(frozen=True)
class Record:
    """One claim of an input: the name of its ``article`` or text, the words, and who says them.

    ``id`` is its lasting name, or empty: then it is made of what the record says. ``by`` is who found it. An empty
    ``source`` is nobody who is named, ``own_voice`` the article itself. ``facts`` describe the article; those of its
    first record count. Offsets are where the input gives them; the words decide.
    """

    where: str
    article: str
    quotation: Quote
    source: str = ""
    cue: str = ""
    mention: str = ""
    speech_act: str = ""
    id: str = ""
    own_voice: bool = False
    facts: tuple[tuple[str, object], ...] = ()
    offsets: Offsets = ()
    cue_offsets: Offsets = ()
    mention_offsets: Offsets = ()
    by: str = ""

    def attribution(self, encoding: str, text: str, used: Container[str] = ()) -> Attribution:
        """The attribution of the record in its text. Its id has the name of its ``encoding`` before it, if that has
        one, but for a lasting one that no other encoding has ``used``.

        A cue and a mention whose place is not said are looked for near the quotation."""
        told = "\0".join((self.source, self.cue, self.quotation.exact, self.quotation.prefix))
        digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        own = lasting_slug(self.id, MAX_NAME) if self.id else ""
        id = own or f"q-{digest}"
        words = _places(text, self.quotation, self.offsets)
        near = _range(text, words)
        return Attribution(
            f"{encoding}-{id}" if encoding and (not own or own in used) else id,
            self.where,
            words,
            None if self.own_voice else Agent(self.source) if self.source else UNNAMED,
            _places(text, _nearest(text, self.cue, near), self.cue_offsets),
            _places(text, _nearest(text, self.mention, near), self.mention_offsets),
            self.speech_act,
        )


def articles(
    records: Iterable[Record | Misfit],
    texts: NamedTexts,
    encoding_of: Callable[[str], Encoding],
    language: str,
    *,
    of_quotations: bool = False,
    licence: str = "",
) -> Iterator[Article | Misfit]:
    """The articles of these records, in the order of their first ones, and of each an encoding for each who found some;
    ``encoding_of`` makes it. A text that is not in the folder is a misfit for each of its records; if
    ``of_quotations``, an article's text is its quotations themselves, one on a line. Names of one text are one article.
    """
    groups: dict[str, list[Record]] = {}
    names: dict[str, str] = {}
    for record in records:
        if isinstance(record, Misfit):
            yield record
            continue
        if (name := record.article) not in names:
            names[name] = lasting_slug(name, MAX_NAME) if of_quotations else texts.slug(name) or name
        groups.setdefault(names[name], []).append(record)
    for slug, group in groups.items():
        name = group[0].article
        text = (slug, _of_quotations(group)) if of_quotations else texts.get(name)
        if text is None or isinstance(text, Misfit):
            detail = text.detail if text else f"there is no text {name[:MAX_NAME]!r} in {texts.folder}"
            remedy = text.remedy if text else "save it there as a text file (.txt) of that name"
            yield from (Misfit("without a text", record.where, detail, remedy) for record in group)
            continue
        slug, words = text
        facts = tuple({key: value for record in reversed(group) for key, value in record.facts}.items())
        facts = facts or (("label", name[:MAX_NAME]),)
        used: set[str] = set()
        by_encoder: dict[str, list[Record]] = {}
        for record in group:
            by_encoder.setdefault(record.by, []).append(record)
        for by, found in by_encoder.items():
            encoding = encoding_of(by)
            attributions = [record.attribution(encoding.name, words, used) for record in found]
            yield Article(
                slug,
                found[0].where,
                words,
                encoding,
                attributions,
                language,
                facts,
                text_licence=licence,
                first=not used,
            )
            used |= {attribution.id for attribution in attributions}


def _of_quotations(group: list[Record]) -> str:
    return "".join(dict.fromkeys(f"{record.quotation.exact.strip()}\n" for record in group))


def _places(text: str, quote: Quote, offsets: Offsets) -> tuple[Place, ...]:
    """The places of a quotation: those at its offsets, if its words are there; else its words, in the parts that an
    omission divides, unless the text has them as they are."""
    if not quote.exact.strip():
        return ()
    parts = [text[start:end] for start, end in offsets]
    if parts and OMISSION.join(parts) == quote.exact and all(parts):
        return tuple(Located(part, start) for part, (start, _) in zip(parts, offsets, strict=True))
    if quote.exact not in text:
        quote = quote._replace(exact=quote.exact.strip())
    if quote.exact in text or not _OMISSION.search(quote.exact):
        return (_as_in(text, quote),)
    *before, last = (part for part in _OMISSION.split(quote.exact) if part)
    if not before:
        return (Quote(last, quote.prefix, quote.suffix),)
    first, *between = before
    ends = _as_in(text, Quote(first, quote.prefix)), *map(Quote, between), _as_in(text, Quote(last, "", quote.suffix))
    return ends


def _as_in(text: str, quote: Quote) -> Quote:
    """The quotation without a prefix and a suffix that the text does not have letter by letter, if it needs none."""
    if quote.prefix + quote.exact + quote.suffix not in text and text.count(quote.exact) == 1:
        return Quote(quote.exact)
    return quote


def _range(text: str, places: tuple[Place, ...]) -> range:
    """Where a quotation is, from its first word to its last; empty if the text does not have it."""
    ends: list[int] = []
    for place in places:
        match place:
            case Located(exact, start):
                ends += [start, start + len(exact)]
            case Quote(exact, prefix, _) if (at := text.find(prefix + exact)) >= 0:
                ends += [at + len(prefix), at + len(prefix + exact)]
    return range(min(ends), max(ends)) if ends else range(0)


def _nearest(text: str, words: str, to: range) -> Quote:
    """The words with as much of what stands before them as tells their occurrence nearest to a quotation from all
    others; one in the sentence of the quotation is nearer than any other."""

    def distance(place: int) -> int:
        end = place + len(words)
        between = text[end : to.start] if end <= to.start else text[to.stop : place]
        return len(between) + (len(text) if _SENTENCE_END.search(between) else 0)

    places: list[int] = []
    found = text.find(words) if words else -1
    while found >= 0 and len(places) < MAX_PLACES:
        places.append(found)
        found = text.find(words, found + 1)
    if len(places) < 2 or not to:
        return Quote(words)
    # Only the last one before the quotation, those in it and the first one after it can be the nearest.
    first, last = bisect_left(places, to.start), bisect_left(places, to.stop)
    near = min(places[max(first - 1, 0) : last + 1], key=distance)
    for length in (2**n for n in range(1, 12)):
        prefix = text[max(near - length, 0) : near]
        if text.count(prefix + words) == 1:
            return Quote(words, prefix)
    return Quote(words)
