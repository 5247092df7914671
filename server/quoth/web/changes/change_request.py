"""A request for changes: the parameters, the changes that they name, and the page."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from quoth.corpus import bases
from quoth.errors import NotFoundError, UsageError
from quoth.release.history.changes import Change
from quoth.release.history.past_changes import PastChanges, Wanted
from quoth.release.history.schema import HISTORY, KINDS_OF_CHANGE
from quoth.web.core import request_target
from quoth.web.core.archive import archive
from quoth.web.core.site import Site
from quoth.web.present import change_view

ROLES = ("article", "entity", "topic", "source")
"""The parameters that name a thing, with the names of the roles in a history."""
NARROWING = (*ROLES, "thing", "event")
"""The parameters that narrow a list of changes."""
PAGE = 50
"""Changes on a page; on the first one there may be up to twice as many (``ChangePage``)."""
_NUMBER = re.compile("[1-9][0-9]{0,11}")


@dataclass(frozen=True)
class ChangePage:
    """Changes, the newest first, and the addresses of the pages around them.

    Pages are counted from the oldest change, so that a page with ``before`` never changes again; the first page has
    what is not on a full one, and the newest full one besides. ``path`` is the address of the list without a suffix,
    ``parameters`` are those that narrow it. ``total`` is None where counting would take long. ``whole`` says that the
    list only grows, as one of all past changes does; ``note``, which releases were rolled back.
    """

    changes: Sequence[Change]
    total: int | None
    path: str
    parameters: tuple[tuple[str, str], ...]
    before: int | None
    following: int | None
    words: str
    whole: bool = True
    note: str = ""

    def target(self, suffix: str = "", before: int | None = None) -> str:
        """The address of a page in a format, a path of this server."""
        query = urlencode([*self.parameters, *([("before", str(before))] if before else [])])
        return f"{self.path}{f'.{suffix}' if suffix else ''}{f'?{query}' if query else ''}"

    def next(self, suffix: str = "") -> str | None:
        """The address of the page of older changes, if there are any."""
        return self.target(suffix, self.following) if self.following else None


def history(site: Site) -> PastChanges:
    """The history of the dataset: that of the newest release, even where an earlier one is current again, so that feeds
    and addresses of changes lose nothing. Raises NotFoundError for a release that has none."""
    past = archive().past()
    if past is None:
        raise NotFoundError(
            f"release {site.release.number} was made by an earlier version of Quoth, which kept no history",
            remedy="publish again: the history begins with this release then",
        )
    return past


def rolled_back(site: Site) -> str:
    """A sentence about the releases that were current after the current one was made; empty where there are none."""
    numbers = [release.number for release in archive().rolled_back()]
    if not numbers:
        return ""
    named = f"release {numbers[0]}" if len(numbers) == 1 else f"releases {', '.join(map(str, reversed(numbers)))}"
    since = f"{site.switched:%Y-%m-%d %H:%M} UTC"
    return f"Release {site.release.number} is current again since {since}: the documents have no change of {named}."


def depends() -> list[str]:
    """What answers about the history depend on beside the current release: histories of those that were rolled back."""
    return [f"{release.number} {release.manifest.files.get(HISTORY)}" for release in archive().rolled_back()]


@dataclass(frozen=True)
class NumberedPages:
    """Changes in pages of that size from the oldest to the newest, numbered from 1. A page that is full never changes
    again, as a list of past changes only grows. ``parameters`` are those that narrow it."""

    past: PastChanges
    wanted: Wanted
    path: str
    parameters: tuple[tuple[str, str], ...]
    size: int

    @cached_property
    def total(self) -> int:
        """The number of changes."""
        return self.past.count(self.wanted)

    @property
    def count(self) -> int:
        """The number of pages."""
        return -(-self.total // self.size)

    def target(self, number: int | None = None) -> str:
        """The address of a page, or of the whole, a path of this server."""
        query = urlencode(self.parameters)
        return f"{self.path}{f'/{number}' if number else ''}{f'?{query}' if query else ''}"

    def page(self, site: Site, number: int) -> list[Change]:
        """The changes on a page, and the first of the next one. Raises NotFoundError for a page that there is not."""
        first = (number - 1) * self.size
        after, skip = (0, first) if self.parameters else (first, 0)
        changes = self.past.changes(self.wanted, after=after, skip=skip, limit=self.size + 1)
        if not changes and number > 1:
            raise NotFoundError(
                f"there are {self.count} pages so far", remedy=f"begin at {site.iris.url(self.target())}"
            )
        return changes


def numbered(site: Site, args: MultiDict[str, str], path: str, size: int) -> NumberedPages:
    """The pages that the parameters name. Raises UsageError for parameters and values that there are not, NotFoundError
    for a release without a history."""
    past, values = history(site), request_target.known_parameters(args, (*NARROWING, "format"), path)
    wanted, parameters = _wanted(site, past, values)
    return NumberedPages(past, wanted, path, parameters, size)


def read(site: Site, args: MultiDict[str, str]) -> ChangePage:
    """The page of /changes that the parameters name. Raises UsageError for parameters and values that there are not."""
    values = request_target.known_parameters(args, (*NARROWING, "before", "format"), "changes")
    past = history(site)
    wanted, kept = _wanted(site, past, values)
    before, total = before_of(values), past.count(wanted)
    # The title of an archive stays as it is, whatever things are called later.
    words = in_words(kept if before else _named(site, kept))
    limit = PAGE if before else PAGE + total % PAGE
    changes = past.changes(wanted, before=before, limit=limit + 1)
    following = changes[limit - 1].number if len(changes) > limit else None
    return ChangePage(changes[:limit], total, "changes", kept, before, following, words, note=rolled_back(site))


def in_words(parameters: Iterable[tuple[str, str]]) -> str:
    """What a list is narrowed by."""
    return ", ".join(f"{name} {value}" for name, value in parameters)


def _named(site: Site, parameters: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The same with the labels of things, those that they had last."""
    for name, value in parameters:
        yield name, value if name == "event" else change_view.then(site, site.iris.of_value(value)).label


def _wanted(site: Site, past: PastChanges, values: Mapping[str, str]) -> tuple[Wanted, tuple[tuple[str, str], ...]]:
    """The changes that the parameters name, and these parameters in their shortest form. Raises UsageError."""
    event = values.get("event", "")
    if event and event not in KINDS_OF_CHANGE:
        raise request_target.unknown_value(event, "event", KINDS_OF_CHANGE)
    things = {name: _thing(site, past, name, values[name]) for name in (*ROLES, "thing") if name in values}
    wanted = Wanted(event, things.get("thing", ""), roles={role: things[role] for role in ROLES if role in things})
    short = {name: site.iris.value(iri) for name, iri in things.items()}
    return wanted, (*short.items(), *([("event", event)] if event else []))


def before_of(values: Mapping[str, str]) -> int | None:
    """The change before which a page begins. Raises UsageError for what is no number."""
    raw = values.get("before")
    if raw and not _NUMBER.fullmatch(raw):
        remedy = "follow the links from page to page, or leave it out"
        raise UsageError(f"{raw[:80]!r} is not the number of a change", where="before", remedy=remedy)
    return int(raw) if raw else None


def _thing(site: Site, past: PastChanges, name: str, value: str) -> str:
    """The IRI of a thing of the history: given whole, or without what all begin with. Raises UsageError."""
    kinds = ("article/", "topic/", "") if name in ("article", "topic") else ("",)
    names = ("" if value.startswith(kind) else kind for kind in kinds)
    own = [iri for kind in names for iri in bases.named(kind + value, site.iris.base)]
    for iri in (value, *own):
        if past.knows(iri):
            return iri
    remedy = f"give its IRI, or the part after {site.iris.base}id/"
    raise UsageError(f"no release has {value[:200]!r}", where=name, remedy=remedy)
