"""Cases for `quoth verify`: the quotations of annotated articles, and mutations of them by rule, each with the verdicts
that it has to get."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench.attribution_corpus import Annotated

from quoth.resources import folder
from quoth.verify.verdicts import Verdict

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr|Gov|Sen|Rep)\. )?[A-Z][\w’'-]+(?: [A-Z][\w.’'-]+){0,3}")
_NO_NAMES = re.compile(
    r"He|She|They|It|We|I|You|The|An?|This|That|Some|Many|Most|Others|One|Officials|Critics|Voters|Demonstrators"
    r"|Protesters"
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w.,])|\b(?:two|three|four|five|six|seven|eight|nine|ten|million|billion)\b")
_OPPOSITES = {
    "support": "oppose", "supports": "opposes", "win": "lose", "accept": "reject", "increase": "decrease",
    "love": "hate",
    "believe": "doubt", "raise": "lower", "start": "stop", "buy": "sell", "remember": "forget", "help": "hurt",
    "agree": "disagree", "good": "bad", "more": "less", "always": "never", "right": "wrong", "great": "terrible",
    "know": "ignore", "like": "dislike", "trust": "fear", "build": "destroy", "defend": "attack", "strong": "weak",
}  # fmt: skip
_HEDGES = re.compile(r"\b(?:may|might|could|perhaps|maybe|probably|possibly|reportedly|allegedly|apparently|likely) ")

NEGATION, NUMBER, HEDGE = "altered: negation", "altered: number", "hedge lost or added"
"""Kinds of findings that are counted by themselves."""


@dataclass(frozen=True)
class Case:
    """A text, by which rule it was made, and the verdicts that it must get and those that it may get besides."""

    text: str
    rule: str
    required: frozenset[str]
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Quotation:
    """The words of a quotation, and the words that say whose it is."""

    words: str
    source: str
    article: str

    @property
    def is_named(self) -> bool:
        return is_name(self.source)


def is_name(source: str) -> bool:
    """Whether words are the name of somebody."""
    return bool(_NAME.fullmatch(source)) and not _NO_NAMES.fullmatch(source.split()[0])


def quotations(part: Sequence[Annotated]) -> list[Quotation]:
    """The quotations in the contents of annotated attributions, each once for an article."""
    found: dict[tuple[str, str], Quotation] = {}
    for article in part:
        for attribution in article.attributions:
            source = " ".join(article.text[a:b] for a, b in attribution.get("Source", ()))
            for start, end in attribution.get("Content", ()):
                for match in _QUOTED.finditer(article.text, start, end):
                    words = match[1] or match[2]
                    if "\n" not in words and any(c.isalnum() for c in words):
                        found.setdefault((article.name, words), Quotation(words, source, article.name))
    return list(found.values())


def sentence(words: str, source: str, marks: str = "“”") -> str:
    """A sentence in which somebody is quoted."""
    who = re.sub(r"\s+", " ", source).strip() or "Somebody"
    return f"{who[:1].upper()}{who[1:]} said: {marks[0]}{words}{marks[1]}"


def cases(every: Sequence[Quotation], chance: random.Random) -> Iterator[Case]:
    """All cases that the rules make of the quotations."""
    same, typographic = frozenset({Verdict.VERBATIM.value}), frozenset({Verdict.TYPOGRAPHIC.value})
    altered = Verdict.ALTERED.value
    for quotation in every:
        yield Case(sentence(quotation.words, quotation.source), "as it stands", same)
        yield from _typography(quotation, typographic)
        for rule, mutate, more in _RULES:
            mutated = mutate(quotation.words, chance)
            if mutated and mutated != quotation.words and len(quotation.words.split()) >= 4:
                required = frozenset({altered, *more})
                yield Case(sentence(mutated, quotation.source), rule, required, frozenset({HEDGE, NEGATION, NUMBER}))
    named = sorted({q.source for q in every if q.is_named})
    for quotation in every:
        words = quotation.words.split()
        if quotation.is_named and len(words) >= 6:
            speaker = chance.choice(named)
            if not _parts(speaker) & _parts(quotation.source):
                required = frozenset({Verdict.ANOTHER_MOUTH.value})
                yield Case(sentence(quotation.words, speaker), "another speaker", required, same)
    long = [q for q in every if len(q.words.split()) >= 10]
    for one, other in zip(long, [*long[7:], *long[:7]], strict=True):
        first, second = one.words.split(), other.words.split()
        text = " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]])
        yield Case(sentence(text, one.source), "two halves", frozenset({Verdict.SPLICED.value}), frozenset({HEDGE}))
    for other_words in foreign():
        yield Case(
            sentence(other_words, chance.choice(named)), "another text", frozenset({Verdict.NOT_ON_RECORD.value})
        )
        few = other_words.split()[:4]
        yield Case(
            sentence(" ".join(few), chance.choice(named)), "few words of another text",
            frozenset({Verdict.NOT_ON_RECORD.value}),
        )  # fmt: skip


def _parts(name: str) -> set[str]:
    return set(re.findall(r"[A-Z][\w-]+", name.replace("’s", "")))


def _typography(quotation: Quotation, required: frozenset[str]) -> Iterator[Case]:
    words = quotation.words
    split = words.split()
    for rule, text in (
        ("straight apostrophes", words.replace("’", "'")),
        ("curly apostrophes", words.replace("'", "’")),
        ("dashes", words.replace("—", " - ").replace("–", "-")),
        ("capitals", words.upper()),
        ("spaces", words.replace(" ", "\u00a0 ")),
        ("bracketed beginning", f"[{words[0].swapcase()}]{words[1:]}" if words[0].isalpha() else words),
        (
            "omission",
            " ".join([*split[: len(split) // 3], "…", *split[-(len(split) // 3) :]]) if len(split) > 12 else words,
        ),
        ("omission in brackets", " ".join([*split[:5], "[...]", *split[-5:]]) if len(split) > 14 else words),
    ):
        if text != words:
            yield Case(sentence(text, quotation.source), rule, required)


def _dropped_not(words: str, chance: random.Random) -> str:
    without = re.sub(
        r"\b(do|does|did|is|are|was|were|has|have|had|would|should|could)(?:n[’']t| not)\b", r"\1", words, count=1
    )
    return without if without != words else re.sub(r"\b(?:not|never) ", "", words, count=1)


def _added_not(words: str, chance: random.Random) -> str:
    return re.sub(r"\b(is|are|was|were|will|would|should|can|has|have|had) (?!not\b|n)", r"\1 not ", words, count=1)


def _inverted(words: str, chance: random.Random) -> str:
    return re.sub(rf"\b(?:{'|'.join(_OPPOSITES)})\b", lambda match: _OPPOSITES[match[0]], words, count=1)


def _number(words: str, chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return str(int(match[0]) + chance.randint(1, 40)) if match[0].isdigit() else "eleven"

    return _NUMBER.sub(other, words, count=1)


def _dropped_hedge(words: str, chance: random.Random) -> str:
    return _HEDGES.sub("", words, count=1)


def _certain(words: str, chance: random.Random) -> str:
    return re.sub(r"\b(?:may|might|could)\b", "will", words, count=1)


def _added_hedge(words: str, chance: random.Random) -> str:
    return re.sub(r"\b(is|are|was|were|will) ", r"\1 possibly ", words, count=1)


def _swapped_word(words: str, chance: random.Random) -> str:
    split = words.split()
    long = [place for place, word in enumerate(split) if re.fullmatch(r"[a-z]{5,}", word)]
    if not long:
        return ""
    split[chance.choice(long)] = chance.choice(("elephants", "yesterday", "carefully", "mountain"))
    return " ".join(split)


def _dropped_word(words: str, chance: random.Random) -> str:
    split = words.split()
    long = [place for place, word in enumerate(split) if re.fullmatch(r"[a-z]{5,}", word)]
    if not long:
        return ""
    place = chance.choice(long)
    return " ".join(split[:place] + split[place + 1 :]) if 0 < place < len(split) - 1 else ""


_RULES: Sequence[tuple[str, Callable[[str, random.Random], str], tuple[str, ...]]] = (
    ("a dropped not", _dropped_not, (NEGATION,)),
    ("an added not", _added_not, (NEGATION,)),
    ("an opposite", _inverted, ()),
    ("another number", _number, (NUMBER,)),
    ("a dropped hedge", _dropped_hedge, (HEDGE,)),
    ("will for may", _certain, (HEDGE,)),
    ("an added hedge", _added_hedge, (HEDGE,)),
    ("another word", _swapped_word, ()),
    ("a dropped word", _dropped_word, ()),
)


def foreign() -> list[str]:
    """Sentences of another text: Quoth's README and the licence."""
    text = " ".join((folder("data").parent / name).read_text("utf-8") for name in ("README.md", "LICENSE"))
    plain = re.sub(r"[^\w\s.,’'-]", "", re.sub(r"\]\([^)]*\)|`[^`]*`", "", text))
    return [" ".join(s.split()) for s in re.split(r"\.\s", plain) if 6 <= len(s.split()) <= 30]
