"""Long lists in pages, with plain links from one to the next (RFC 8288 and IANA: first, prev, next, last)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from urllib.parse import urlencode

from quoth.errors import NotFoundError, UsageError

T = TypeVar("T")
S = TypeVar("S")
Parameters = Mapping[str, str | Sequence[str]]
"""Parameters of an address; one that is repeated has a list of values."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its ``items``, its ``number`` (from 1), the ``size`` of a full page, and how many items
    there are in ``total`` on all pages.

    ``path`` is the address of the list: a path of this server without leading slash, as ``iris.path`` and ``iris.url``
    take it. ``link_parameters`` are its other parameters, which links carry, ``parameter`` the one that holds the
    number; page 1 needs none.
    """

    items: Sequence[T]
    number: int
    size: int
    total: int
    path: str
    link_parameters: tuple[tuple[str, str], ...] = ()
    parameter: str = "page"

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def pages(self) -> int:
        """The number of pages: one for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """The place of the first item in the whole list, from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def end(self) -> int:
        """The place of the last item in the whole list."""
        return self.start + len(self.items) - 1 if self.items else 0

    def target(self, number: int) -> str:
        """The address of a page, a path of this server: ``doc/org/x.html?page=2``."""
        query = urlencode([*self.link_parameters, *([(self.parameter, str(number))] if number > 1 else [])])
        return f"{self.path}?{query}" if query else self.path

    @property
    def prev(self) -> str | None:
        """The address of the page before, if there is one."""
        return self.target(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        """The address of the page after, if there is one."""
        return self.target(self.number + 1) if self.number < self.pages else None

    def links(self, url: Callable[[str], str]) -> list[tuple[str, str, str | None]]:
        """The links of a Link header to the other pages; none from an only page. ``url``: Iris.url."""
        places = {"first": 1, "prev": self.number - 1, "next": self.number + 1, "last": self.pages}
        if self.pages == 1:
            return []
        return [(url(self.target(n)), rel, None) for rel, n in places.items() if 1 <= n <= self.pages]

    def at(self, path: str) -> "Page[T]":
        """The same page of the list at another address: in one of its formats, say."""
        return replace(self, path=path)

    def map(self, items: Sequence[S]) -> "Page[S]":
        """The same page with other items in place of its own."""
        return Page(items, self.number, self.size, self.total, self.path, self.link_parameters, self.parameter)


def pairs(parameters: Parameters) -> list[tuple[str, str]]:
    """The parameters, each value by itself.

    >>> pairs({"a": "1", "b": ["2", "3"]})
    [('a', '1'), ('b', '2'), ('b', '3')]
    """
    return [(k, value) for k, v in parameters.items() for value in ([v] if isinstance(v, str) else v)]


def read(parameters: Mapping[str, str], parameter: str = "page") -> int:
    """The number of the page that a request asks for; 1 where it names none. Raises UsageError."""
    raw = parameters.get(parameter) or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,6}", raw):
        raise UsageError(f"{raw[:80]!r} is not a page", where=parameter, remedy="write a whole number, 1 or more")
    return int(raw)


def page(
    items: Sequence[T],
    *,
    number: int,
    size: int,
    total: int,
    path: str,
    link_parameters: Parameters | None = None,
    parameter: str = "page",
) -> Page[T]:
    """The page of that number, whose items are ``items``. Raises NotFoundError past the last one."""
    made = Page(items, number, size, total, path, tuple(pairs(link_parameters or {})), parameter)
    if number > made.pages:
        pages = f"{made.pages} page{'s' if made.pages > 1 else ''}"
        raise NotFoundError(f"the list has {pages}: there is no page {number}", where=parameter)
    return made
