"""The competency questions of data/queries, as the site shows them."""

import functools
import re

from quoth.resources import folder
from quoth.store import queries
from quoth.store.queries import NamedQuery


@functools.cache
def every() -> tuple[NamedQuery, ...]:
    """Every question, by file name."""
    return tuple(queries.load(folder("data") / "queries"))


def named(name: str) -> NamedQuery | None:
    """The question of that name, or None."""
    return next((q for q in every() if q.name == name), None)


def sparql(question: NamedQuery) -> str:
    """The query without the comment at its head, which pages show in words."""
    return re.sub(r"\A(?:\s*#[^\n]*(?:\n|\Z))+\s*", "", question.text).rstrip() + "\n"
