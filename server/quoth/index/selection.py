"""The selection that a list of claims is of, and the SQL that finds its claims."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from quoth.index import facets


@dataclass(frozen=True)
class Selection:
    """Claims in which ``of`` plays a ``role``, that have a value of each facet in ``narrowed`` (any of those there),
    and have ``words``, in articles that were published from the day ``since`` to the day ``until``; those of the
    ``encoding`` (of_encoding).

    ``role`` is one of facets.ROLES, ``of`` an IRI, empty for all claims; ``narrowed`` has pairs of one of facets.FACETS
    and an IRI, which is empty for the claims without a value; a facet may be in several pairs. ``words`` are as
    fulltext.expression gives them. A day is YYYY-MM-DD, or the beginning of that for all days that begin so; an article
    without a date is of no day. ``acts``: "only" those that say that the act of some claim's level took place
    (quoth:act), or "none" of those; or empty. ``among``: the IRIs of the claims, where the role is facets.LISTED."""

    role: str
    of: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()
    words: str = ""
    since: str = ""
    until: str = ""
    encoding: str = ""
    acts: str = ""
    among: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is narrowed by nothing."""
        return not (self.narrowed or self.words or self.since or self.until or self.encoding or self.acts)

    def without(self, facet: str) -> "Selection":
        """The same, not narrowed by that facet."""
        return replace(self, narrowed=tuple(pair for pair in self.narrowed if pair[0] != facet))

    def source(self, term: Callable[[str], int], join: str = "") -> tuple[str, dict[str, int | str | None]]:
        """FROM and WHERE in SQL, with the values that are bound in them; ``c`` is the claim. ``term`` gives the number
        of an IRI in the index."""
        values: dict[str, int | str | None] = {"x": term(self.of)}
        if self.role == facets.LISTED:
            values["among"] = json.dumps(self.among)
        tests = [facets.of_encoding(self.encoding)]
        if self.encoding:
            values["encoding"] = term(self.encoding)
        either: dict[str, list[str]] = {}
        indexed: dict[str, list[str]] = {}
        for place, (facet, iri) in enumerate(self.narrowed):
            values[f"v{place}"] = term(iri) if iri else None
            either.setdefault(facet, []).append(facets.FACETS[facet].test(f":v{place}"))
            indexed.setdefault(facet, []).append(facets.FACETS[facet].having(f":v{place}") if iri else "")
        tests += [f"({' OR '.join(of_facet)})" for of_facet in either.values()]
        for name, test in facets.TESTS.items():
            if value := getattr(self, name):
                values[name] = value
                tests.append(test)
        things_first = sorted(
            facets.FACETS.values(), key=lambda facet: not facet.kind
        )  # fewer claims have each of them
        having = (indexed[facet.name] for facet in things_first if len(indexed.get(facet.name, ())) == 1)
        days = [facets.TESTS[name].replace("c.", "") for name in ("since", "until") if getattr(self, name)]
        of_days = f"SELECT id AS claim FROM claim WHERE {' AND '.join(days)}" if days else ""
        return facets.source(self.role, join, tests, next((sql for [sql] in having if sql), of_days)), values
