"""The yield of a reader: an article with the attributions that somebody found in its text, and what did not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text from ``start`` to ``end``, in code points; the end is exclusive."""

    start: int
    end: int


class Quote(NamedTuple):
    """Words that are to be found in a text, between a ``prefix`` and a ``suffix`` (Web Annotation §4.2.4)."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Located(NamedTuple):
    """Words that the input gives with the place where they stand. They must stand there, letter by letter."""

    exact: str
    start: int


Place = Span | Quote | Located


@dataclass(frozen=True)
class Agent:
    """Somebody who speaks, writes or encodes. ``id`` is that of an entity (``id/person/lind``), where the input itself
    identifies it; else only its ``label`` is known, and it belongs to its article. ``type`` is a type of entities.

    ``details`` are further keys of its description.
    """

    label: str
    id: str = ""
    type: str = "Agent"
    details: tuple[tuple[str, object], ...] = ()


UNNAMED = Agent("an unnamed source", type="AnonymousSource")
"""The source of what somebody says, where the text does not name anybody."""


@dataclass(frozen=True)
class Attribution:
    """An attribution: who says what, in which words. ``id`` is its lasting name in the input, of which its claim's IRI
    is made.

    ``source`` is None for the article's own voice. ``words`` are what is said, ``cue`` the words that attribute it,
    ``mention`` those that name the source. ``within`` is the id of the attribution that reports this one; where it is
    None, the one whose words hold all of this one. ``where`` is its place in the input (file:line).
    """

    id: str
    where: str
    words: tuple[Place, ...]
    source: Agent | None = None
    cue: tuple[Place, ...] = ()
    mention: tuple[Place, ...] = ()
    speech_act: str = ""
    within: str | None = None
    addressee: Agent | None = None
    details: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Encoding:
    """An encoding: who found the attributions of one article, and how. ``name`` tells it from others of the same text;
    the first one has none, or the same as in its input. ``status`` is proposed, reviewed, or empty."""

    encoder: Agent
    method: str
    created: str
    licence: str
    status: str = "proposed"
    name: str = ""


@dataclass(frozen=True)
class Article:
    """A text with the attributions of one encoding. ``where`` is its place in the input.

    ``slug`` is its short name in IRIs, ``facts`` are keys of its description (headline, url, datePublished …);
    ``text_licence`` is the IRI of the licence of the text itself. ``entities`` are described beside the documents.
    ``first`` marks the encoding whose document describes the article.
    """

    slug: str
    where: str
    text: str
    encoding: Encoding
    attributions: Sequence[Attribution]
    language: str = "en"
    facts: tuple[tuple[str, object], ...] = ()
    publisher: Agent | None = None
    authors: tuple[Agent, ...] = ()
    text_licence: str = ""
    first: bool = True
    entities: Sequence[Agent] = field(default=())


@dataclass(frozen=True)
class Misfit:
    """Something of the input that does not become a claim: what it is, where (file:line), and what to do.

    ``kind`` is its kind in few words, by which such things are counted. What a mapping file leaves out on purpose is
    ``declared``: it is counted, and no failure. ``number`` says how many there are of it.
    """

    kind: str
    where: str
    detail: str
    remedy: str = ""
    declared: bool = False
    number: int = 1

    def __str__(self) -> str:
        told = f"{self.where}: {self.detail}" + (f" ({self.remedy})" if self.remedy else "")
        # An input is a stranger's: its controls are not for the terminal, and half a character cannot be printed.
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in told)
