"""How to cite an article that claims are quoted from, and not its encoding: as BibTeX, as CSL-JSON."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quoth.claim.model.namespaces import RDF, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.present import citation
from quoth.web.present.publication import Publication, publication

_PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?=T|\Z)")


@dataclass(frozen=True)
class ArticleCitation:
    """The elements of a citation of an article: its ``name``, as in its IRI; its headline, or our name for it; what is
    known of its publication; the address of our document about it. ``news``: it is an article of the news."""

    name: str
    title: str
    published: Publication
    document: str
    news: bool

    @property
    def date(self) -> Sequence[int]:
        """Year, month and day, as far as the data say; none for a date that is none."""
        match = _PARTS.match(self.published.date)
        return [int(part) for part in match.groups() if part] if match else []

    @property
    def publisher(self) -> str:
        """The names of its publishers."""
        return " and ".join(each.label for each in self.published.publishers)

    @property
    def note(self) -> str:
        """Where its claims are, and where a copy of it is."""
        copies = [f"Copy: {url}." for url in self.published.archived]
        return " ".join([f"Claims in it: {self.document}.", *copies])


def citation_of(site: Site, iri: str, index: TripleIndex) -> ArticleCitation:
    """The citation of an article; ``index``: the statements about it."""
    published, name = publication(site, iri, index), site.iris.name(iri) or iri
    return ArticleCitation(
        name.replace("article/", "", 1),
        published.headline or site.labels.label(iri),
        published,
        site.iris.url(f"{site.iris.documents}/{name}"),
        SCHEMA.NewsArticle.value in index.values(iri, RDF.type),
    )


def csl(cited: ArticleCitation) -> list[dict[str, Any]]:
    """CSL-JSON (Citation Style Language 1.0.2, csl-data.json): an array of one item."""
    published = cited.published
    item = {
        "id": citation.key_of(cited.name),
        "type": "article-newspaper" if cited.news else "article",
        "title": citation.line(cited.title),
        "author": [{"literal": citation.line(author.label)} for author in published.authors],
        "container-title": citation.line(cited.publisher),
        "section": citation.line(", ".join(published.sections)),
        "issued": {"date-parts": [cited.date]} if cited.date else None,
        "URL": next(iter(published.urls), ""),
        "note": citation.line(cited.note),
        "language": published.language,
    }
    return [{name: value for name, value in item.items() if value}]


def csl_text(cited: ArticleCitation) -> str:
    """CSL-JSON as the text of a file."""
    return citation.to_text(csl(cited))


def bibtex(cited: ArticleCitation) -> str:
    """An entry of type ``article`` where a publisher is known, else ``misc``."""
    date = dict(zip(("year", "month", "day"), cited.date, strict=False))
    authors = [author.label for author in cited.published.authors]
    fields = {
        "title": cited.title,
        "journal" if cited.publisher else "howpublished": cited.publisher,
        **{name: str(value) for name, value in date.items()},
        "url": next(iter(cited.published.urls), ""),
        "note": cited.note,
    }
    return citation.entry("article" if cited.publisher else "misc", citation.key_of(cited.name), fields, authors)
