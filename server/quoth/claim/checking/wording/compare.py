"""The codings of a dataset beside their words: claims, the levels that attribute them, sources and languages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.wording import levels as levels_
from quoth.claim.checking.wording import terms
from quoth.claim.checking.wording.coded_claim import RULES, Coded, Statement, plain
from quoth.claim.checking.wording.lexicon import Lexicon, lexicon
from quoth.claim.checking.wording.sentences import cue_elsewhere, sentences_of, warrant_elsewhere
from quoth.claim.model.excerpts import excerpt, shortened
from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, RDFS, SCHEMA
from quoth.claim.model.report import Finding
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.vocabulary import Vocabulary

MAX_CHAIN = 20
"""Levels of a chain that are looked at: a chain in a circle has no end."""

ENGLISH_SHARE = 0.1
"""The least share of the commonest English words in a text that is English."""


def findings(
    quads: Iterable[ox.Quad], index: TripleIndex, vocabulary: Vocabulary, texts: Texts | None
) -> Iterator[Finding]:
    """The warnings about every claim and every warrant, and a note on each article whose language has no word lists.

    ``index`` has the asserted ones of the quads."""
    graphs: dict[str, list[Statement]] = defaultdict(list)
    for q in quads:
        if isinstance(graph := q.graph_name, ox.NamedNode):
            graphs[graph.value].append((q.subject, q.predicate, q.object))
    claims = index.subjects(RDF.type, QUOTH.Claim)
    chains = {claim: list(_levels(index, claim)) for claim in claims}
    quoted = {claim: _words(index, claim, QUOTH.anchor) for claim in claims}
    known = _quoted(index, chains, quoted)
    begun = {article: terms.beginnings(words) for article, words in known.items()}
    names_in = _names(index, chains)
    # Where nothing attributes, the claim of an act has the words of what is said, and these say nothing of the act.
    borrowed = {
        (act, quoted[claim])
        for claim, levels in chains.items()
        for level in levels
        for act in index.values(level, QUOTH.act)
    }
    for claim in claims:
        article = index.value(claim, PROV.wasQuotedFrom)
        if (words := lexicon(index.value(article, SCHEMA.inLanguage))) is None:
            continue
        levels = chains[claim]
        coded = Coded(
            claim,
            quoted[claim],
            " ".join(_words(index, level, QUOTH.cue, QUOTH.mention) for level in levels),
            _words(index, levels[0], QUOTH.cue) if levels else "",
            graphs[index.value(claim, QUOTH.content)],
            begun[article],
            vocabulary,
            index,
        )
        if coded.words and (claim, coded.words) not in borrowed:
            for rule in RULES:
                yield from rule(coded, words)
        names = [n for level in levels for s in index.values(level, QUOTH.source) for n in index.values(s, RDFS.label)]
        acts = {act for level in levels if (act := _act(index, level, graphs))}
        reported = levels and article not in index.values(levels[0], QUOTH.source)
        for label in index.values(claim, RDFS.label) if reported else ():
            yield from terms.label_words(claim, label, names, acts, vocabulary)
        for level in levels:
            if article not in index.values(level, QUOTH.source):
                yield from _level(index, level, coded, graphs, words, names_in[article])
    for source in list(index.having(QUOTH.describedIn)):
        yield from terms.source_words(index, source)
    yield from _languages(index, known)
    if texts:
        yield from _places(index, chains, texts)


def _quoted(index: TripleIndex, chains: Mapping[str, list[str]], quoted: Mapping[str, str]) -> dict[str, Counter[str]]:
    """The words of each article that are quoted somewhere, in lower case, and how often; of each claim, the levels and
    the words in its anchors are given."""
    known: dict[str, Counter[str]] = defaultdict(Counter)
    for claim, levels in chains.items():
        text = " ".join((quoted[claim], *(_words(index, level, QUOTH.cue, QUOTH.mention) for level in levels)))
        known[index.value(claim, PROV.wasQuotedFrom)].update(terms.WORD.findall(text.lower()))
    return known


def _names(index: TripleIndex, chains: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The words of the names of each article's sources, in lower case."""
    names: dict[str, set[str]] = defaultdict(set)
    for claim, levels in chains.items():
        article = index.value(claim, PROV.wasQuotedFrom)
        for source in {s for level in levels for s in index.values(level, QUOTH.source)} - {article}:
            for name in index.values(source, RDFS.label):
                names[article].update(terms.WORD.findall(name.lower()))
    return names


def _languages(index: TripleIndex, known: dict[str, Counter[str]]) -> Iterator[Finding]:
    """A note on each article without word lists, or a warning where its words are of a language that has them.

    A long text of any language has the commonest English words somewhere; in an English one they are every fifth word.
    """
    english = lexicon("en")
    assert english
    for article, quoted in known.items():
        language = index.value(article, SCHEMA.inLanguage)
        if not language or lexicon(language):
            continue  # that the language is missing is a violation
        counts = [quoted[word] for word in english.common if word in quoted]
        if len(counts) > len(english.common) / 2 and sum(counts) >= ENGLISH_SHARE * quoted.total():
            message = f"its language is {shortened(language)!r}, and its words are English"
            yield Finding(message, "language-words", "Warning", focus=article, remedy="set the language to en")
        message = "its claims are not compared with their words: there are no word lists for the language"
        message += f" {shortened(language)!r}"
        yield Finding(message, "word-lists", "Info", focus=article)


def _act(index: TripleIndex, level: str, graphs: dict[str, list[Statement]]) -> str:
    """The speech act of a level, or of the claim that says that it took place."""
    contents = (graphs[index.value(claim, QUOTH.content)] for claim in index.values(level, QUOTH.act))
    told = (act.value for content in contents for _, p, act in content if p == QUOTH.speechAct)  # type: ignore[union-attr]
    return index.value(level, QUOTH.speechAct) or next(told, "")


def _level(
    index: TripleIndex,
    level: str,
    coded: Coded,
    graphs: dict[str, list[Statement]],
    words: Lexicon,
    names: set[str],
) -> Iterator[Finding]:
    """The warnings about a level that is not the article's own; ``names``: the words of those of its sources. The cues
    of a claim in words are often others' annotation, which takes more to attribute than verbs of saying do."""
    cue = _words(index, level, QUOTH.cue)
    act = _act(index, level, graphs)
    outer = index.value(level, QUOTH.within)
    small = None if coded.content else words.small | names
    yield from levels_.cue_verb(level, cue, act, words, coded.vocabulary, small)
    yield from levels_.act_words(level, cue, act, coded.vocabulary)
    yield from levels_.stance_words(level, cue, act, index.value(outer, QUOTH.stance), coded.words, words)


def _levels(index: TripleIndex, claim: str) -> Iterator[str]:
    """The levels of a claim's chain, from the inside out."""
    level = index.value(claim, QUOTH.attribution)
    for _ in range(MAX_CHAIN):
        if level:
            yield level
        level = index.value(level, QUOTH.within)


def _words(index: TripleIndex, owner: str, *predicates: ox.NamedNode) -> str:
    quotes = (s for p in predicates for a in index.values(owner, p) for s in index.values(a, OA.hasSelector))
    return " ".join(words for s in quotes for words in index.values(s, OA.exact))


def _places(index: TripleIndex, chains: Mapping[str, list[str]], texts: Texts) -> Iterator[Finding]:
    """The warnings about where words stand, for the articles whose texts are at hand."""
    found = {r.article: text for r in anchors.texts_of(index).values() if (text := texts.get(r.sha256)) is not None}
    sentences = {article: sentences_of(text) for article, text in found.items()}
    for claim, levels in chains.items():
        if (article := index.value(claim, PROV.wasQuotedFrom)) in sentences:
            yield from cue_elsewhere(index, claim, levels, sentences[article])
    for source in index.having(QUOTH.warrant):
        articles = [a for a in index.values(source, QUOTH.describedIn) if a in found]
        for warrant in index.values(source, QUOTH.warrant) if articles else ():
            if not any(plain(warrant) in plain(found[a]) for a in articles):
                message = f"the warrant {excerpt(warrant)} is not in the text"
                remedy = "quote the words of the text that say how the source would know"
                yield Finding(message, "warrant-words", "Warning", focus=source, value=warrant, remedy=remedy)
            for a in articles:
                yield from warrant_elsewhere(index, source, warrant, sentences[a])
