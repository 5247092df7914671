"""The places where an entity or a source is mentioned: by article on its page, by entity on the article's page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from quoth.claim.model.namespaces import ENCODING_STATUS
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import article_language, ref
from quoth.web.present.claim_view import Ref, Words

LIMITS = {"mentions-in": 2000, "own-mentions-in": 2000, "mentions-of": 300}
"""Mentions that a page shows: all of an ordinary article, the first ones of somebody whom thousands of articles
mention. The queries ask for one more."""


@dataclass
class Place:
    """Words from ``start`` (code points) that mention somebody or something, and the claims that they carry too.

    ``understood``: they stand for it and do not name it. ``proposed``: nobody has reviewed that.
    """

    start: int
    words: Words
    understood: bool
    proposed: bool
    claims: list[Ref] = field(default_factory=list)


@dataclass(frozen=True)
class Mentions:
    """All places under one head, an article or an entity, in the order of the text."""

    head: Ref
    places: Sequence[Place]


@dataclass(frozen=True)
class MentionList:
    """The mentions under all heads, most frequent first; ``cut``: there are more."""

    groups: Sequence[Mentions]
    cut: bool

    @property
    def count(self) -> int:
        return sum(len(group.places) for group in self.groups)


def of_entity(site: Site, iri: str) -> MentionList:
    """Where an entity or a source is mentioned in counted encodings, by article."""
    return _grouped(site, "mentions-of", iri)


def in_article(site: Site, iri: str, *, its_own: bool = False) -> MentionList:
    """Whom and what an article mentions in its counted encoding, by entity; or only what it lists as mentions of its
    own, without the words of levels, of which a long article has thousands."""
    return _grouped(site, "own-mentions-in" if its_own else "mentions-in", iri)


def _grouped(site: Site, query: str, iri: str) -> MentionList:
    rows = site.rows(query, iri)
    kept = set(list(dict.fromkeys(row["mention"] for row in rows))[: LIMITS[query]])
    shown = [row for row in rows if row["mention"] in kept]
    named = (row.get(name) for row in shown for name in ("head", "claim"))
    site.labels.fetch([term.value for term in named if isinstance(term, ox.NamedNode)])
    groups: dict[str, dict[tuple[int, str], Place]] = {}
    for row in shown:
        values = {name: getattr(term, "value", "") for name, term in row.items()}
        if not values.get("start", "").isdecimal() or values.get("counted") == "false":
            continue
        # The same words may be listed once for the text and once for a level of a claim's chain.
        places = groups.setdefault(values["head"], {})
        article = values["head"] if query == "mentions-of" else iri
        start, words = int(values["start"]), Words(values["words"], article_language(site, article))
        place = places.setdefault((start, words), Place(start, words, False, True))
        place.understood |= values.get("understood") == "true"
        place.proposed &= values.get("status") == ENCODING_STATUS.proposed.value
        if (claim := values.get("claim")) and claim not in (c.iri for c in place.claims):
            place.claims.append(ref(site, claim))
    listed = [Mentions(ref(site, head), list(places.values())) for head, places in groups.items()]
    return MentionList(sorted(listed, key=lambda group: -len(group.places)), len(shown) < len(rows))
