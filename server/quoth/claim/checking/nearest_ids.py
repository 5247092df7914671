"""The id that was probably meant by one that nothing describes: of the same slug or spelt alike."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SEPARATORS = re.compile("[/#]")
_SHORTEST = 3
"""Letters of a slug that is compared by its spelling."""

PROPOSALS = 200
"""Ids that get a proposal in one check: to compare very many would take minutes."""


class NearestIds:
    """The ids that are described, among which one is proposed for an id that is not.

    >>> near = NearestIds(lambda: ["id/org/harbour-office", "id/person/doe", "id/claim/a/late#ferry"])
    >>> near("id/org/harbor-office"), near("id/source/a/doe"), near("id/claim/a/late#fery"), near("id/org/quoth")
    ('id/org/harbour-office', 'id/person/doe', 'id/claim/a/late#ferry', '')
    """

    def __init__(self, described: Callable[[], Iterable[str]]) -> None:
        self._described = described
        self._left = PROPOSALS

    @functools.cached_property
    def _by_slug(self) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """The ids by what is before their slug, and the first of each slug; made when an id is asked for."""
        slugs: dict[str, dict[str, str]] = defaultdict(dict)
        of_slug: dict[str, str] = {}
        for iri in sorted(self._described()):
            slug = _SEPARATORS.split(iri)[-1]
            slugs[iri.removesuffix(slug)][slug] = iri
            if "#" not in iri:
                of_slug.setdefault(slug, iri)
        return slugs, of_slug

    def __call__(self, iri: str) -> str:
        """The id of the same kind whose slug is spelt most alike, or one of another kind with the same slug, or ""."""
        self._left -= 1
        if self._left < 0:
            return ""
        slug = _SEPARATORS.split(iri)[-1]
        slugs, of_slug = self._by_slug
        siblings = slugs.get(iri.removesuffix(slug), {})
        alike = process.extractOne(
            slug.lower(), list(siblings), scorer=OSA.distance, score_cutoff=max(1, len(slug) // 4)
        )
        return siblings[alike[0]] if alike and len(slug) >= _SHORTEST else of_slug.get(slug.lower(), "")
