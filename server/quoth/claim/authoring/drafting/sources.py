"""The sources that the words of a text mean: entities that are named, and sources that are described.

Each is declared once: “Clinton” is the “Hillary Clinton” of the same article, “the memo” the memo before. A description
that need not mean the same again (“officials”, “a source”) is a source of its own each time. A pronoun means the person
who spoke last where only one can be meant; else it is left for a person to decide.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.naming import by_surname, is_possessive, without_possessive, without_titles
from quoth.claim.authoring.spans import Span
from quoth.corpus.new import slug_of

MAX_ID_WORDS = 6
_AROUND = " ,;:–—-\"“”'‘’()"
_SOON = 120
"""Characters after a name in which a pronoun of people means it."""


@dataclass(frozen=True)
class Named:
    """An entity or a source as it is declared: its id, its types, its label, and other names of it."""

    id: str
    types: tuple[str, ...]
    label: str

    @property
    def is_entity(self) -> bool:
        """Whether it is declared under entities: what is named is no source of one article alone."""
        return "/" in self.id


@dataclass
class Sources:
    """The sources of one article, as they are met. ``known`` are entities of the corpus by names in small letters."""

    text: str
    words: Language
    known: Mapping[str, str] = field(default_factory=dict)
    declared: dict[str, Named] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)
    _met: dict[Span, str] = field(default_factory=dict)
    _last: str = ""
    _function: Set[str] = frozenset()
    _small: Set[str] = frozenset()

    def __post_init__(self) -> None:
        self._rest = self.words.rest
        self._function = self.words.classes.keys() | self.words.glosses.keys()
        self._small = {word for word in re.findall(r"\w+", self.text) if word.islower()}
        self._full = self._full_names()

    def resolve(self, mention: Span) -> str:
        """The id of whom the words mean, declared if need be; empty where it cannot be told. The same place means the
        same."""
        if mention not in self._met:
            self._met[mention] = self._resolved(mention)
        self._last = self._met[mention] or self._last
        return self._met[mention]

    def _resolved(self, mention: Span) -> str:
        words = re.sub(r"\s+", " ", self.text[mention.start : mention.end]).strip(_AROUND)
        small = words.lower()
        if small in self._rest["pronouns"]:
            polite = self.words.nouns_are_capital and words in self._rest["polite"]
            return "" if polite else self._pronoun(small, mention)
        relative = words.rpartition(" ")
        if relative[0] and self.words.classes.get(relative[2].lower()) in ("WH", "PRO", "THAT"):
            words = relative[0].strip(_AROUND)
        words = without_possessive(words)
        return self._named(words) or self._described(words)

    def _pronoun(self, small: str, mention: Span) -> str:
        """The source before, where it is a person and the pronoun is one of people; else nobody."""
        last = self.declared.get(self._last)
        if small in self._rest["persons"] and last and "Person" in last.types:
            return last.id
        if small in self._rest["relatives"]:
            before = re.search(
                r"([^\s,]+(?:\s[^\s,]+){0,3}),?\s*$", self.text[max(0, mention.start - 80) : mention.start]
            )
            name = self._name(before[1]) if before else ""
            return self._named(name) if name and before and before[1].endswith(name) else ""
        return ""

    def _named(self, words: str) -> str:
        """The id of what is named, or empty: the words are a description."""
        name = self._name(words)
        if not name:
            return ""
        plain = without_titles(name, self.words)
        full = self._full.get(plain, plain)
        for each in (full, plain, name):
            if known := self.known.get(each.lower()):
                return known
        if found := self._by_name.get(full):
            return found
        slug = slug_of(full)
        if not slug:
            return ""
        titled = plain != name
        kind = self._kind(full, words, titled)
        if kind == "Person":
            return self._declare(Named(f"id/person/{slug}", ("Person",), full), full)
        if kind == "Organization":
            return self._declare(Named(f"id/org/{slug}", ("Organization",), full), full)
        return self._declare(Named(slug, ("Source", "Agent"), full), full)

    def _kind(self, name: str, words: str, titled: bool) -> str:
        parts = name.split()
        if any(part.lower() in self._rest["organisations"] for part in parts) or (len(parts) == 1 and name.isupper()):
            return "Organization"
        article = re.search(rf"\b(?:{'|'.join(self._rest['articles'])})\s+{re.escape(name)}", words, re.IGNORECASE)
        if article and not titled:
            return ""
        return "Person" if titled or (1 < len(parts) < 5 and self._is_called_by(parts[-1], name)) else ""

    def _is_called_by(self, last: str, name: str) -> bool:
        """Whether the text has the last part of a name alone too, or he or she soon after it, as it has of people."""
        alone = rf"(?<!\w)(?<!{re.escape(name[: -len(last)][-2:])}){re.escape(last)}(?!\w)"
        soon = rf"{re.escape(name)}(?!\w)[^\n]{{0,{_SOON}}}?\b(?i:{'|'.join(self._rest['persons'])})\b"
        return re.search(alone, self.text) is not None or re.search(soon, self.text) is not None

    def _described(self, words: str) -> str:
        parts = words.split()
        if self.words.nouns_are_capital and (len(parts) == 1 and words.lower() in self._small | self._function):
            return ""  # an adverb that begins its sentence
        kept = [p for p in parts if p.lower() not in self._rest["articles"]][:MAX_ID_WORDS]
        slug = slug_of(" ".join(kept))
        if not slug:
            return ""
        label = re.sub(r"\s+", " ", words)[:120]
        lowers = [p.lower().strip(",.") for p in parts]
        definite = lowers[0] in self._rest["definite"]
        if definite and (found := self._by_name.get(label.lower())):
            return found
        head = self._head(lowers)
        if any(head == noun or head == noun + "s" for noun in self._rest["documents"]):
            types: tuple[str, ...] = ("Document",)
        elif lowers[0] in self._rest["several"] or (head.endswith("s") and not head.endswith("ss")):
            types = ("Group",)
        else:
            types = ("Agent",)
        base = "Source" if definite or "Document" in types else "AnonymousSource"
        number = 2
        unique = slug
        while unique in self.declared:
            unique, number = f"{slug}-{number}", number + 1
        return self._declare(Named(unique, (base, *types), label), label.lower() if definite else "")

    def _head(self, lowers: list[str]) -> str:
        """The word that a description is about: the last one before a preposition, a relative clause or a comma."""
        stop = next(
            (i for i, w in enumerate(lowers) if i and self.words.classes.get(w) in ("PREP", "WH", "PRO", "THAT", "BE")),
            len(lowers),
        )
        return re.sub(r"\W", "", lowers[stop - 1])

    def _declare(self, named: Named, name: str) -> str:
        self.declared[named.id] = named
        if name:
            self._by_name[name] = named.id
        return named.id

    def _without_articles(self, name: str) -> str:
        """A name without function words that begin a sentence before it."""
        parts = name.split()
        while len(parts) > 1 and parts[0].lower() in self._function:
            parts = parts[1:]
        return " ".join(parts)

    def _name(self, words: str) -> str:
        """The name that the words end in, before or after a comma (“a spokesman, Ola Berg”); empty: they describe."""
        for piece in [p.strip() for p in words.split(",")][:2]:
            parts = piece.split()
            first = len(parts)
            while first and self._is_name_part(parts[first - 1], first - 1):
                first -= 1
            while first < len(parts) and (parts[first].lower() in self._function or not parts[first][0].isupper()):
                first += 1
            if first < len(parts) and not (first and is_possessive(parts[first - 1])):
                name = without_possessive(" ".join(parts[first:]))
                if len(parts[first:]) > 1 or not first or parts[first - 1].lower() in self._rest["articles"]:
                    return name if not self._is_common(parts[first:]) else ""
                return name if self._is_person_part(parts[first:]) else ""
        return ""

    def _is_common(self, parts: list[str]) -> bool:
        """Whether a capital is only that of a sentence’s first word, or of a plural such as “Republicans”."""
        return len(parts) == 1 and (
            (self.words.nouns_are_capital and parts[0] not in self._full)
            or parts[0].lower() in self.words.classes
            or (parts[0].endswith("s") and not parts[0].isupper() and parts[0] not in self._full)
            or parts[0].lower() in self._small
        )

    def _is_person_part(self, parts: list[str]) -> bool:
        return " ".join(parts) in self._full

    def _is_name_part(self, part: str, number: int) -> bool:
        bare = part.strip("“”\"'()")
        return bool(bare) and (
            (bare[0].isupper() and bare.lower() not in self.words.glosses and not is_possessive(bare))
            or (number > 0 and bare in self._rest["particles"])
        )

    def _full_names(self) -> dict[str, str]:
        """Names of several words in the text by their last one and by themselves."""
        pattern = re.compile(r"(?<![\w.])[A-ZÀ-Þ][\w’'-]+(?:[ ](?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w’'-]+)){1,3}")
        named = (self._without_articles(match[0]) for match in pattern.finditer(self.text))
        names = (without_titles(without_possessive(name), self.words) for name in named)
        return by_surname(n for n in names if not any(p.lower() in self._function for p in n.split()))
