"""The gaps of a proof: what was looked for and not found, what is not on record, and what cannot be told."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pyoxigraph as ox

from quoth.claim.model.ontology import local
from quoth.index.facets import EVERY
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref
from quoth.web.proof.comparison import Comparison
from quoth.web.proof.record import Record, Sentence
from quoth.web.proof.subjects import Subject

_SEARCHES_LIMIT = 50


def ambiguous(record: Record) -> list[Sentence]:
    """What the text leaves open, and what nobody has reviewed."""
    sentences = list[Sentence]()
    for entry in record.entries:
        claim = entry.claim
        if claim.readings:
            sentences.append((entry.cited, f": {claim.in_words}"))
        elif unsure := [level for level in claim.levels if level.scope == "ambiguous"]:
            whose = phrases.listed([phrases.listed([s.label for s in level.sources]) for level in unsure])
            sentences.append((entry.cited, f": it is unclear whether the attribution to {whose} extends this far."))
        if claim.proposed:
            sentences.append((entry.cited, ": proposed; nobody has yet checked that the article says this."))
    return sentences


def gaps(site: Site, subject: Subject, record: Record, comparison: Comparison) -> list[Sentence]:
    """Sentences about what is missing, none of which says that something is not so."""
    if not record.entries:
        return [("No claim on record concerns this. That does not show that nobody has made one.",)]
    return [
        *_sources(record),
        *_comparison(record, comparison),
        *_hedges(record),
        *_publications(record),
        *_searches(site, subject, record),
        *_left_out(site, subject),
    ]


def _sources(record: Record) -> Iterator[Sentence]:
    voices = [voice for voice in record.voices if not voice.own_voice]
    named = [s for voice in voices for s in voice.speakers if not (s.unnamed or voice.unclear)]
    if not named:
        yield ("No named source: no claim shown here is credited to somebody whom an article names.",)
    for speaker in record.speakers.values():
        if speaker.unnamed and not speaker.warrants:
            yield speaker.ref, ": not named, and no words of the article say how this source would know."


def _comparison(record: Record, comparison: Comparison) -> Iterator[Sentence]:
    if not comparison.apart:
        apart = "Nothing on record contradicts the claims shown here or is in tension with them."
        yield (f"{apart} That says nothing about whether they are so.",)
    if not comparison.together:
        together = "Nothing on record corroborates the claims shown here."
        yield (f"{together} That says nothing about whether they are so.",)
    if uncoded := sum(not entry.claim.with_content for entry in record.entries):
        of = f"{uncoded:,} of {phrases.count(len(record.entries), 'claim')}"
        yield (f"Coded in words only: {of}. Their contents cannot be compared with others statement by statement.",)


def _hedges(record: Record) -> Iterator[Sentence]:
    grades = Counter(local(e.claim.certainty.iri) if e.claim.certainty else "" for e in record.entries)
    if unknown := grades["unknown"]:
        yield (f"How certain the source is, the text does not state: {phrases.count(unknown, 'claim')}.",)
    if uncoded := grades[""]:
        yield (f"How certain the source is has not been coded: {phrases.count(uncoded, 'claim')}.",)


def _publications(record: Record) -> Iterator[Sentence]:
    """What is not on record of the articles, those together of which it is the same."""

    def missing(article: int) -> list[str]:
        published = record.articles[article][1]
        parts = {
            "date of publication": published.day,
            "author": published.authors,
            "publisher": published.publishers,
            "address": [*published.urls, *published.archived],
        }
        return [words for words, known in parts.items() if not known]

    places = sorted(range(len(record.articles)), key=lambda place: (missing(place), place))
    for words, group in groupby(places, key=missing):
        if words:
            articles = [record.articles[place][0] for place in group]
            named = [part for article in articles for part in (", ", article)][1:]
            yield *named, f": not on record: {', '.join(words)}."


def _searches(site: Site, subject: Subject, record: Record) -> Iterator[Sentence]:
    """Searches in other datasets, for the subject and for the sources, that found nothing."""
    asked = [*([] if subject.question else [subject.iri]), *record.speakers]
    for row in site.rows_of("vain-searches", list(dict.fromkeys(asked)), _SEARCHES_LIMIT):
        day, evidence = (getattr(row.get(name), "value", "") for name in ("day", "evidence"))
        dataset = row.get("dataset")
        where = ref(site, dataset.value) if isinstance(dataset, ox.NamedNode) else "another dataset"
        when = f" on {day}" if day else ""
        thing = ref(site, row["x"].value)  # type: ignore[union-attr]
        yield thing, " was looked for in ", where, f"{when} and not found{f': {evidence}' if evidence else '.'}"


def _left_out(site: Site, subject: Subject) -> Iterator[Sentence]:
    """What the release has and the proof leaves out."""
    every = replace(subject.selection, encoding=EVERY)
    if left := site.claim_index.count(every) - site.claim_index.count(subject.selection):
        claims = phrases.count(left, "claim")
        yield (f"Left out: {claims} of other encodings of the same articles, so that nothing is counted twice.",)
