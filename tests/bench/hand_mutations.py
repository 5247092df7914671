"""Cases for `quoth verify` about hands and scope, whose right verdicts the record itself has: quotations of annotated
articles, told with all hands, without the outer one, or with one that nobody has; and claims marked as ambiguous."""

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench.quotation_mutations import Case, Quotation, is_name, sentence

from quoth.claim.model.claim_summary import ClaimSummary
from quoth.index.claims import ClaimIndex
from quoth.index.selection import Selection
from quoth.index.word_pairs import normal, words
from quoth.verify.record import Record
from quoth.verify.verdicts import Verdict

_LEAST_WORDS = 6
"""Words of a quotation that is told: fewer may be on record somewhere else, too."""
_EVERY = 8
"""One in so many claims is marked."""
_STEPS = -3
"""The place of the chain in a summary as it is stored."""
_SAME = frozenset({Verdict.VERBATIM.value})


@dataclass(frozen=True)
class Recorded:
    """The words of a quotation and all claims that have them."""

    words: str
    claims: Sequence[ClaimSummary]


def recorded(every: Sequence[Quotation], lists: ClaimIndex) -> list[Recorded]:
    """The quotations that are long enough, each once, with the claims that have them."""
    long = (quotation.words for quotation in every if len(quotation.words.split()) >= _LEAST_WORDS)
    texts = {text: _plain(text) for text in long}
    found: dict[str, list[ClaimSummary]] = {text: [] for text in texts}
    for iris in lists.batches(Selection("all"), 1_000):
        for claim in lists.summaries(iris).values():
            of_claim = [_plain(quote.exact) for quote in claim.quotes]
            for text, plain in texts.items():
                if any(plain in quote for quote in of_claim):
                    found[text].append(claim)
    return [Recorded(text, claims) for text, claims in found.items() if claims]


def _plain(text: str) -> str:
    return f" {' '.join(normal(word[0]) for word in words(text))} "


def hands(every: Sequence[Recorded], lists: ClaimIndex, chance: random.Random) -> Iterator[Case]:
    """Quotations whose claims all have the same one or two hands, all of them named."""
    record = Record(lists)
    chains = [(each, _chain(each.claims, record)) for each in every]
    names = sorted({chain[0] for _, chain in chains if chain})
    for each, chain in chains:
        if not chain:
            continue
        others = [name for name in names if not {*name.split()} & {*" ".join(chain).split()}]
        told = sentence(each.words, chain[0])
        if len(chain) == 1:
            yield Case(told, "one hand, as it stands", _SAME)
            yield Case(
                f"{chance.choice(others)} told reporters that {told}", "a hand that nobody has",
                frozenset({Verdict.HANDS_INVENTED.value}), _SAME,
            )  # fmt: skip
        else:
            yield Case(f"{chain[1]} told reporters that {told}", "two hands, as they stand", _SAME)
            yield Case(told, "without the outer hand", frozenset({Verdict.HANDS_LOST.value}), _SAME)


def _chain(claims: Sequence[ClaimSummary], record: Record) -> tuple[str, ...]:
    """The names of the hands of the claims, the innermost first: those of the claim with the most, where the others
    have the outer ones of these; none where they differ, have no names, or
    are of ambiguous scope."""
    chains = {
        tuple(source for step in claim.steps if claim.article not in step.sources for source in step.sources)
        for claim in claims
    }
    if any(_is_ambiguous(claim) for claim in claims):
        return ()
    chain = max(chains, key=len)
    if not all(chain[len(chain) - len(other) :] == other for other in chains if other):
        return ()
    names = tuple(next(iter(record.names(iri)), "") for iri in chain)
    return names if 0 < len(names) < 3 and all(map(is_name, names)) else ()


def marked(lists: Path, folder: Path) -> Path:
    """A copy of the lists in which one in _EVERY claims, by its number, has an innermost level of ambiguous scope, and
    another one of those with one hand has somebody else report it: the source named first in the claims before."""
    copy = folder / lists.name
    shutil.copy(lists, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        rows = connection.execute("SELECT claim, text FROM summary").fetchall()
        names = dict(connection.execute("SELECT item.iri, label FROM item JOIN words ON words.rowid = item.id"))
        teller: list[object] = []
        for number, (claim, text) in enumerate(rows):
            values = json.loads(text)
            steps = values[_STEPS]
            if number % _EVERY == 0:
                steps[0][-2] = "ambiguous"
            elif number % _EVERY == _EVERY // 2 and len(steps) == 2 and teller and teller[0] != steps[0][0]:
                steps.insert(1, teller)
            if not teller and len(steps) == 2 and is_name(str(names.get(steps[0][0][0], "")).partition("\n")[0]):
                teller = list(steps[0])
            connection.execute("UPDATE summary SET text = ? WHERE claim = ?", (json.dumps(values), claim))
    return copy


def _is_ambiguous(claim: ClaimSummary) -> bool:
    return any(step.scope == "ambiguous" for step in claim.steps)


def scope(every: Sequence[Recorded]) -> Iterator[Case]:
    """Quotations all or none of whose claims are ambiguous."""
    for each in every:
        ambiguous = {_is_ambiguous(claim) for claim in each.claims}
        if ambiguous == {True}:
            required = frozenset({Verdict.SCOPE_AMBIGUOUS.value})
            yield Case(sentence(each.words, "Somebody"), "of ambiguous scope", required, _SAME)
        elif ambiguous == {False}:
            yield Case(sentence(each.words, "Somebody"), "of clear scope", _SAME)
