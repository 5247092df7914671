"""The lists of claims on the page of a thing: filtered by plain links, counted, cut into pages, in groups.

A list is narrowed by parameters of the page's address: ``?certainty=probable&source=org/x``; a parameter that is given
twice keeps the claims that have either value. ``list`` names one of the lists of a page, unless it is the first;
``claims`` is the number of its page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.http import pagination
from quoth.http.pagination import Page, Parameters
from quoth.index import facets
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import claims
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.lists.facet_values import chosen, encoding, narrowed, short
from quoth.web.present.lists.faceting import Division, claims_of, division, with_unclear

PAGE_CLAIMS = 50
LIST, NUMBER = "list", "claims"


@dataclass(frozen=True)
class ListKind:
    """A list that a page may have; its ``title`` has a place for the kind of thing. ``grouped`` is "speaker" or
    "certainty"; the facets ``always`` are shown even where all claims have the same value."""

    role: str
    title: str
    facets: Sequence[str]
    grouped: str
    always: Sequence[str] = ()
    inferred: bool = False

    @property
    def parameters(self) -> Sequence[str]:
        """The parameters that narrow it. Of a claim that has no speaker ``naming`` says so (faceting.with_unclear)."""
        return (*self.facets, "naming") if "source" in self.facets else self.facets


ABOUT = ListKind("about", "Claims about this {kind}",
                 ("source", "memberOf", "certainty", "polarity", "voice", "tense", "article", "publisher"),
                 "speaker")  # fmt: skip
WORDED = replace(ABOUT, title="Claims that use this {kind}")
CONCERNING = ListKind("concerning", "Claims about this {kind}", ABOUT.facets, "speaker", inferred=True)
SAYS = ListKind("says", "Credited to this {kind}",
                ("certainty", "act", "polarity", "tense", "article", "publisher"), "certainty",
                ("certainty", "act"))  # fmt: skip
RELAYS = ListKind("relays", "Passed on by this {kind}",
                  ("source", "certainty", "act", "article"), "certainty", ("source", "act"))  # fmt: skip
POSSIBLY = ListKind("possibly", "Possibly credited to this {kind}",
                    ("certainty", "polarity", "article"), "speaker")  # fmt: skip


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are shown under one head: their speakers, or a certainty. ``unclear``: the heads are those of whom
    the text leaves it open who speaks."""

    heads: Sequence[Ref]
    own_voice: bool
    unclear: bool
    claims: list[Claim]


@dataclass(frozen=True)
class Section:
    """One list of a page. ``whole`` counts the claims before it is narrowed; ``table`` is the path of the table of
    these, empty where there is none."""

    kind: ListKind
    whole: int
    page: Page[Claim]
    groups: Sequence[ClaimGroup]
    divisions: Sequence[Division]
    narrowed: bool
    table: str = ""


def sections(
    site: Site, iri: str, path: str, kinds: Sequence[ListKind], parameters: MultiDict[str, str]
) -> list[Section]:
    """The lists about ``iri`` that have claims, on the page whose address is ``path`` (as paging takes it).

    Where the parameters name a list, just that one; where they name an encoding, the claims of that. Raises UsageError
    for a number or a list that is none and for a value that nothing has, NotFoundError past the last page.
    """
    if (role := parameters.get(LIST)) and role not in (known := [kind.role for kind in kinds]):
        raise UsageError(f"{role[:80]!r} is no list of this page", where=LIST, remedy=f"use one of {', '.join(known)}")
    coded = encoding(site, parameters)
    selections = {kind.role: Selection(kind.role, iri, encoding=coded) for kind in kinds}
    counts = {role: count for role, selection in selections.items() if (count := site.claim_index.count(selection))}
    present = [kind for kind in kinds if kind.role in counts]
    wanted = [kind for kind in present if kind.role == parameters.get(LIST)] or present[:1]
    filtered = any(parameters.get(name) for kind in wanted for name in kind.parameters)

    def section(kind: ListKind) -> Section:
        own = chosen(site, parameters, kind.parameters, selections[kind.role]) if kind in wanted else {}
        selection = replace(selections[kind.role], narrowed=narrowed(site, own))
        number = pagination.read(parameters, NUMBER) if kind in wanted else 1
        link_parameters: Parameters = {**({} if kind is present[0] else {LIST: kind.role}), **own}
        if coded:
            link_parameters = {**link_parameters, facets.ENCODING.parameter: short(site, facets.ENCODING, coded)}
        page: Page[Claim] = pagination.page(
            (),
            number=number,
            size=PAGE_CLAIMS,
            total=site.claim_index.count(selection),
            path=path,
            link_parameters=link_parameters,
            parameter=NUMBER,
        )
        listed = site.claim_index.graded if kind.grouped == "certainty" else site.claim_index.claims
        page = page.map(claims(site, listed(selection, first=(number - 1) * PAGE_CLAIMS, size=PAGE_CLAIMS)))
        shown = []
        for name in kind.facets:
            found = division(site, selection, name, link_parameters, path, 1 if name in kind.always else 2)
            if name == "source":
                found = with_unclear(site, selection, found, link_parameters, path)
            shown += [found] if found else []
        return Section(
            kind,
            counts[kind.role],
            page,
            groups(page, kind.grouped),
            shown,
            bool(own),
            claims_of(site, kind.role, iri, coded),
        )

    return [section(kind) for kind in (wanted if filtered or {LIST, NUMBER} & set(parameters) else present)]


def groups(shown: Iterable[Claim], by: str = "speaker") -> list[ClaimGroup]:
    """Claims under their innermost sources: the articles' own voice first, then the sources of most claims, then those
    of whom it is unclear who speaks; or, by "certainty", under each certainty in the order of the claims."""
    grouped: dict[tuple[str | bool, ...], ClaimGroup] = {}
    for claim in shown:
        heads = claim.candidates if by == "speaker" else [claim.certainty] if claim.certainty else []
        unclear = by == "speaker" and claim.unclear
        group = ClaimGroup(heads, by == "speaker" and claim.own_voice, unclear, [])
        grouped.setdefault((unclear, *(head.iri for head in heads)), group).claims.append(claim)
    if by != "speaker":
        return list(grouped.values())
    return sorted(grouped.values(), key=lambda group: (not group.own_voice, group.unclear, -len(group.claims)))
