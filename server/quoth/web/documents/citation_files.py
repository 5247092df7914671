"""The citations of claims and articles as files: BibTeX and CSL-JSON."""

from collections.abc import Collection

from quoth.claim.model.namespaces import QUOTH, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.core.statements import described
from quoth.web.present import article_citation, citation
from quoth.web.present.claim_lookup import article_of, claims

_ARTICLES = {SCHEMA.Article.value, SCHEMA.NewsArticle.value}


def is_citable(types: Collection[str]) -> bool:
    """Whether things of those classes (IRIs) have a citation: claims and articles do."""
    return QUOTH.Claim.value in types or not _ARTICLES.isdisjoint(types)


def csl(site: Site, iri: str, types: Collection[str]) -> str:
    """The citation of a claim or an article in CSL-JSON."""
    if QUOTH.Claim.value in types:
        return citation.csl_text(_of_claim(site, iri))
    return article_citation.csl_text(_of_article(site, iri))


def bibtex(site: Site, iri: str, types: Collection[str]) -> str:
    """The citation of a claim or an article in BibTeX."""
    if QUOTH.Claim.value in types:
        return citation.bibtex(_of_claim(site, iri))
    return article_citation.bibtex(_of_article(site, iri))


def _of_claim(site: Site, iri: str) -> citation.Citation:
    [claim] = claims(site, [iri])
    return citation.citation_of(site, claim, article_of(site, claim))


def _of_article(site: Site, iri: str) -> article_citation.ArticleCitation:
    return article_citation.citation_of(site, iri, TripleIndex(described(site.engine, [iri])))
