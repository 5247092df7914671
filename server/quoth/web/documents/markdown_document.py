"""The document of a resource as Markdown: what its page says first, for notes, chats and models that read no HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from quoth.claim.model.namespaces import QUOTH, SCHEMA, SKOS, kind_of
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.describe.description import Description
from quoth.web.present import citation, markdown, phrases, withdrawal_notices
from quoth.web.present.claim_lookup import article_of, claims, licence, ref
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.lists.facet_values import encoding
from quoth.web.present.lists.faceting import claims_of
from quoth.web.present.markdown import Markdown, escaped, link, listed, ref_link
from quoth.web.present.publication import publication

MOST_CLAIMS = 250
"""Claims that one list of a document has; past them it leads to the table."""


@dataclass(frozen=True)
class ListedClaim:
    """A claim in a list."""

    link: Markdown
    quotes: Sequence[str]
    chain: str
    proposed: bool


@dataclass(frozen=True)
class Section:
    """A list of claims; ``more`` leads to the others, where there are such."""

    title: str
    claims: Sequence[ListedClaim]
    more: Markdown | None


def render(site: Site, description: Description) -> str:
    """The document about a resource in Markdown."""
    iri, index, types = description.iri, description.index, description.types
    variables: dict[str, Any] = {"quotes": (), "paragraphs": (), "facts": (), "sections": (), "citation": None}
    if QUOTH.Claim.value in types:
        variables |= _claim(site, description)
    elif types & {SCHEMA.Article.value, SCHEMA.NewsArticle.value}:
        variables |= _article(site, description)
    else:
        notes = [*index.literals(iri, SKOS.definition), *index.literals(iri, SKOS.scopeNote)]
        also = [literal.value for literal in index.literals(iri, SKOS.altLabel)]
        role = "concerning" if QUOTH.Topic.value in types else "about"
        variables |= {
            "paragraphs": [note.value for note in notes],
            "facts": [("Kind", kind_of(types)), *([("Also called", ", ".join(also))] if also else [])],
            "sections": [
                *_sections(site, iri, role, "Claims on this topic" if role == "concerning" else "Claims about it"),
                *_sections(site, iri, "credited", "Claims credited to it"),
            ],
        }
    under, number = licence(site), site.release.number
    notices = withdrawal_notices.later(site).of(description.everything) if site.pinned else []
    withdrawn = [f"{view.thing.label} {view.words}" for view in withdrawal_notices.views(site, notices)]
    return markdown.render(
        "document.md",
        iri=link(iri, iri),
        label=ref(site, iri).label,
        release=link(f"release {number}", site.iris.url(f"releases/{number}")),
        licence=ref_link(site, under) if under else None,
        **{**variables, "notices": [*withdrawn, *variables.get("notices", ())]},
    )


def _claim(site: Site, description: Description) -> dict[str, Any]:
    [claim] = claims(site, [description.iri])
    cited = citation.citation_of(site, claim, article_of(site, claim))
    about = [ref(site, entity) for entity in description.index.values(claim.ref.iri, SCHEMA.about)]
    found: list[tuple[str, Sequence[Ref]]] = [
        ("Article", [claim.article] if claim.article else []),
        ("Who says it", claim.speakers),
        ("About", about),
        *((name.capitalize(), [value]) for name, value in claim.attributes),
    ]
    place = [("Published", cited.place)] if cited.article_publisher or cited.article_date else []
    return {
        "notices": ["Proposed: nobody has yet checked that the article says this."] if claim.proposed else [],
        "quotes": [quote.exact for quote in claim.quotes],
        "paragraphs": [f"{claim.in_words} {claim.manner}"],
        "facts": [*((name, _links(site, refs)) for name, refs in found if refs), *place],
        "citation": Markdown(f"{escaped(citation.text(cited).removesuffix(cited.url))} {link(cited.url, cited.url)}"),
    }


def _article(site: Site, description: Description) -> dict[str, Any]:
    iri = description.iri
    published = publication(site, iri, description.index)
    facts: list[tuple[str, str]] = [
        ("By", _links(site, published.authors)),
        ("Published by", _links(site, published.publishers)),
        ("Date", published.date),
        ("Section", ", ".join(published.sections)),
        ("Language", published.language),
        *(("Address", link(url, url)) for url in published.urls),
    ]
    return {
        "facts": [(name, value) for name, value in facts if value],
        "sections": _sections(site, iri, "quoted", "Claims"),
    }


def _sections(site: Site, iri: str, role: str, title: str) -> list[Section]:
    """The claims in a role to a thing as a section; none where there are none."""
    selection = Selection(role, iri, encoding=encoding(site, request.args))
    total = site.claim_index.count(selection)
    shown = claims(site, site.claim_index.claims(selection, first=0, size=MOST_CLAIMS))
    if not shown:
        return []
    table = site.iris.url(claims_of(site, role, iri, selection.encoding))
    whole = link(f"All {phrases.count(total, 'claim')} as a table", table) if total > len(shown) else None
    return [Section(title, [_listed(site, claim) for claim in shown], whole)]


def _listed(site: Site, claim: Claim) -> ListedClaim:
    quotes = [quote.exact for quote in claim.quotes]
    return ListedClaim(ref_link(site, claim.ref), quotes, claim.in_words, claim.proposed)


def _links(site: Site, refs: Iterable[Ref]) -> Markdown:
    links = [ref_link(site, each) for each in refs]
    return listed(links) if links else Markdown("")
