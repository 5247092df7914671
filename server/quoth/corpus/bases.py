"""The bases of a dataset: its own, and those of the corpora beside it, each with a public path of the site.

IRIs under ``<base>id/`` are of the dataset. Below /id/ and /doc/, one of its own base has the name ``claim/x``, one of
the corpus with the path ``sport`` the name ``sport/claim/x``; relative to the site they are ``id/claim/x`` and
``sport/id/claim/x``. All that knows which IRIs are of a dataset, or what they are called in it, asks here.
"""

import functools
from collections.abc import Iterator, Mapping


class Bases(str):
    """The own base of a dataset, as a text, and the ``others``: public path (without slashes at its ends) → base."""

    others: Mapping[str, str]

    def __new__(cls, own: str, others: Mapping[str, str] | None = None) -> "Bases":
        self = super().__new__(cls, own)
        self.others = dict(sorted((others or {}).items()))
        return self

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and self.others == _others(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()


def _others(base: object) -> Mapping[str, str]:
    return base.others if isinstance(base, Bases) else {}


def every(base: str) -> list[tuple[str, str]]:
    """Each base with its path, the own one, whose path is empty, first."""
    return [("", str(base)), *_others(base).items()]


@functools.lru_cache(maxsize=256)
def spaces(base: str, rest: str = "") -> tuple[str, ...]:
    """The beginnings of the IRIs of the dataset, or those whose name begins with ``rest`` in their corpus."""
    return tuple(f"{each}id/{rest}" for _, each in every(base))


@functools.lru_cache(maxsize=256)
def line_starts(base: str, rest: str = "") -> tuple[bytes, ...]:
    """The beginnings of lines of N-Quads that are about resources in those ``spaces``."""
    return tuple(f"<{space}".encode() for space in spaces(base, rest))


def home(iri: str, base: str) -> str:
    """The base of the corpus whose IRI it is; the own one for any other."""
    return next((each for _, each in every(base) if iri.startswith(f"{each}id/")), str(base))


def name(iri: str, base: str) -> str | None:
    """The name of an IRI below /id/; None for one that is not of the dataset.

    >>> both = Bases("https://e.org/", {"sport": "https://sport.example/"})
    >>> name("https://e.org/id/claim/x", both), name("https://sport.example/id/claim/x", both)
    ('claim/x', 'sport/claim/x')
    """
    for path, each in every(base):
        if iri.startswith(space := f"{each}id/"):
            return _below(path, iri[len(space) :])
    return None


def named(name: str, base: str) -> Iterator[str]:
    """The IRIs that a name below /id/ may be of, likeliest first.

    >>> [*named("sport/claim/x", Bases("https://e.org/", {"sport": "https://sport.example/"}))]
    ['https://sport.example/id/claim/x', 'https://e.org/id/sport/claim/x']
    """
    for path, each in every(base)[:0:-1]:
        if name.startswith(f"{path}/"):
            yield f"{each}id/{name[len(path) + 1 :]}"
    yield f"{base}id/{name}"


def short(iri: str, base: str) -> str:
    """An IRI relative to the site; one that is not of the dataset as it is, without the own base.

    >>> both = Bases("https://e.org/", {"sport": "https://sport.example/"})
    >>> short("https://sport.example/id/claim/x", both), short("https://e.org/id/claim/x", both)
    ('sport/id/claim/x', 'id/claim/x')
    """
    for path, each in every(base):
        if iri.startswith(f"{each}id/"):
            return _below(path, iri[len(each) :])
    return iri.removeprefix(base)


def full(short: str, base: str) -> str:
    """The IRI that is relative to the site.

    >>> full("sport/id/claim/x", Bases("https://e.org/", {"sport": "https://sport.example/"}))
    'https://sport.example/id/claim/x'
    """
    for path, each in every(base)[1:]:
        if short.startswith(f"{path}/id/"):
            return each + short[len(path) + 1 :]
    return base + short


def meant(written: str, base: str) -> str:
    """The IRI that somebody means by an IRI of the dataset, by one relative to the site, or by a name below /id/."""
    iri = written if written.startswith(spaces(base)) else full(written, base)
    return iri if iri.startswith(spaces(base)) else next(named(written, base))


def _below(path: str, rest: str) -> str:
    return f"{path}/{rest}" if path else rest
