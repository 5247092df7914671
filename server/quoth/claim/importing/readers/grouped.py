"""Records of quotations, one claim each, put together by their articles: what tables and lists of proposals are."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Encoding, Misfit, Quote
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.corpus.new import slug_of


@dataclass(frozen=True)
class Record:
    """One claim of an input: the name of its ``article`` or text, the words, and who says them.

    ``id`` is its lasting name, or empty: then it is made of what the record says. An empty ``source`` is nobody who is
    named, ``own_voice`` the article itself. ``facts`` describe the article; those of its first record count.
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

    def attribution(self, encoding: str) -> Attribution:
        """The attribution of the record, with the name of its ``encoding``, if that has one, before its id. The words of a cue and a mention are looked for near the quotation."""
        told = "\0".join((self.source, self.cue, self.quotation.exact, self.quotation.prefix))
        id = slug_of(self.id) or f"q-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
        id = f"{encoding}-{id}" if encoding else id
        source = None if self.own_voice else Agent(self.source) if self.source else UNNAMED
        return Attribution(
            id,
            self.where,
            (self.quotation,),
            source,
            (Quote(self.cue),) if self.cue else (),
            (Quote(self.mention),) if self.mention else (),
            self.speech_act,
        )


def articles(
    records: Iterable[Record | Misfit],
    texts: NamedTexts,
    encoding: Encoding,
    language: str,
    *,
    of_quotations: bool = False,
    licence: str = "",
) -> Iterator[Article | Misfit]:
    """The articles of these records, in the order of their first ones. A text that is not in the folder is a misfit for
    each of its records; if ``of_quotations``, an article's text is its quotations themselves, one on a line."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record, Misfit):
            yield record
        else:
            groups.setdefault(record.article, []).append(record)
    slugs: dict[str, str] = {}
    for name, group in groups.items():
        found = (slug_of(name)[:80].strip("-"), _of_quotations(group)) if of_quotations else texts.get(name)
        if found is None or not found[0]:
            detail = f"there is no text {name!r} in {texts.folder}"
            yield from (Misfit("without a text", r.where, detail, "save it there, under that name") for r in group)
            continue
        slug, text = found
        if other := slugs.get(slug):
            yield Misfit(
                "two of one name", group[0].where, f"{name!r} and {other!r} are both {slug}", "name them apart"
            )
            continue
        slugs[slug] = name
        attributions = [_near(record.attribution(encoding.name), text) for record in group]
        facts = group[0].facts or (("label", name),)
        yield Article(slug, group[0].where, text, encoding, attributions, language, facts, text_licence=licence)


def _of_quotations(group: list[Record]) -> str:
    return "".join(dict.fromkeys(f"{record.quotation.exact}\n" for record in group))


def _near(attribution: Attribution, text: str) -> Attribution:
    """The attribution with the place of a cue or a mention that stands in the text more than once: the nearest one to
    the quotation, in the same paragraph or line."""
    [quote] = attribution.words
    if not isinstance(quote, Quote):
        return attribution
    at = text.find(quote.prefix + quote.exact + quote.suffix) + len(quote.prefix)
    if at < len(quote.prefix):
        return attribution
    nearest: Callable[[str], Quote] = lambda words: _nearest(text, words, at, at + len(quote.exact))
    places = {
        name: tuple(nearest(place.exact) if isinstance(place, Quote) else place for place in getattr(attribution, name))
        for name in ("cue", "mention")
    }
    return replace(attribution, **places)


def _nearest(text: str, words: str, start: int, end: int) -> Quote:
    """The words with as much of what stands before them as tells the nearest occurrence from all others."""
    places, at = [], text.find(words)
    while at >= 0 and len(places) < 1000 and words:
        places.append(at)
        at = text.find(words, at + 1)
    if len(places) < 2:
        return Quote(words)
    near = min(places, key=lambda p: max(start - (p + len(words)), p - end, 0))
    for length in range(1, near + 1):
        prefix = text[near - length : near]
        if text.count(prefix + words) == 1:
            return Quote(words, prefix)
    return Quote(words)
