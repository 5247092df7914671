"""Where, when and by whom articles were published, as far as the data say: for pages, tables and citations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.claim.model.namespaces import SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.core.statements import described
from quoth.web.core.urls import is_web
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

PROPERTIES = (
    *(SCHEMA.headline, SCHEMA.author, SCHEMA.publisher, SCHEMA.datePublished),
    *(SCHEMA.articleSection, SCHEMA.url, SCHEMA.archivedAt),
)
"""The properties that say it, in the order in which readers look for them."""


@dataclass(frozen=True)
class Publication:
    """What is known of the publication of one article; a text is empty where the data do not have it. ``date`` is an
    xsd:date or xsd:dateTime as it is written, ``urls`` and ``archived`` are addresses of the web."""

    headline: str = ""
    authors: Sequence[Ref] = ()
    publishers: Sequence[Ref] = ()
    date: str = ""
    sections: Sequence[str] = ()
    language: str = ""
    urls: Sequence[str] = ()
    archived: Sequence[str] = ()

    @property
    def day(self) -> str:
        """The date without its time: YYYY-MM-DD."""
        return self.date[:10]

    @property
    def is_identified(self) -> bool:
        """Whether anything says where, when or by whom the article was published."""
        return bool(self.authors or self.publishers or self.date or self.urls or self.archived)


def publications(site: Site, articles: Iterable[str]) -> dict[str, Publication]:
    """The publications of those articles (IRIs)."""
    iris = list(dict.fromkeys(articles))
    index = TripleIndex(described(site.engine, iris) if iris else ())
    site.labels.fetch(who for iri in iris for p in (SCHEMA.author, SCHEMA.publisher) for who in index.values(iri, p))
    return {iri: publication(site, iri, index) for iri in iris}


def publication(site: Site, iri: str, index: TripleIndex) -> Publication:
    """The publication of an article; ``index``: the statements about it."""

    def refs(predicate: str) -> list[Ref]:
        return [ref(site, value) for value in sorted(index.values(iri, getattr(SCHEMA, predicate)))]

    def addresses(predicate: str) -> list[str]:
        return [value for value in sorted(index.values(iri, getattr(SCHEMA, predicate))) if is_web(value)]

    return Publication(
        index.value(iri, SCHEMA.headline),
        refs("author"),
        refs("publisher"),
        index.value(iri, SCHEMA.datePublished),
        sorted(index.values(iri, SCHEMA.articleSection)),
        index.value(iri, SCHEMA.inLanguage),
        addresses("url"),
        addresses("archivedAt"),
    )
