"""A claim as it is shown within the pages of others, and the frame that shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Self
from urllib.parse import urlencode

from quoth.web.core.site import Site
from quoth.web.present.citation import Citation
from quoth.web.present.claim_view import Claim
from quoth.web.present.withdrawal_notices import Withdrawal, signed

WIDTH, HEIGHT = 600, 320
"""The size of a frame in CSS pixels, unless a smaller one is asked for."""
_ADDRESS = re.compile(r"(?:id|doc|embed|releases/[1-9][0-9]{0,8}/doc)/(.+)")
_SUFFIX = re.compile(r"\.(?:html|ttl|trig|jsonld|nq|nt|rdf|md|bib|csl\.json)\Z")


@dataclass(frozen=True)
class Embed:
    """What is shown of a claim (``iri``): the sentence, the ``source``, the words with their language, how it came and
    how certain it is; the citation, without its address ``url``. ``withdrawn`` is a sentence about a claim that is
    withdrawn, of which nothing else is shown."""

    iri: str
    sentence: str
    source: str
    url: str
    quotes: Sequence[str] = ()
    language: str = ""
    chain: str = ""
    manner: str = ""
    citation: str = ""
    proposed: bool = False
    withdrawn: str = ""

    @classmethod
    def of(cls, site: Site, claim: Claim, cited: Citation) -> Self:
        """A claim of the release."""
        speakers = claim.speakers or claim.candidates
        return cls(
            claim.ref.iri,
            claim.ref.label,
            " or ".join(speaker.label for speaker in speakers),
            site.iris.document(claim.ref.iri) or cited.url,
            [quote.exact for quote in claim.quotes],
            claim.language,
            claim.in_words,
            claim.manner,
            f"{cited.made} {cited.container}, encoded by {cited.encoder}, {cited.issued}.",
            claim.proposed,
        )

    @classmethod
    def gone(cls, site: Site, notice: Withdrawal) -> Self:
        """A claim that was withdrawn. Its words are not shown."""
        url = site.iris.document(notice.iri) or site.iris.public
        said = f"This claim {signed(site, notice)}: {notice.reason}"
        return cls(notice.iri, "This claim was withdrawn", site.dataset_title, url, withdrawn=said)


def address(path: str, corpora: Sequence[str]) -> str | None:
    """The name below /id/ of what a path of this server is about, without the suffix of a format; None for a path of
    something else. ``corpora`` are the public paths of corpora with bases of their own.

    >>> address("releases/3/doc/claim/harbour/ferry-late.ttl", [])
    'claim/harbour/ferry-late'
    >>> address("sport/id/claim/a/late", ["sport"]), address("claims", [])
    ('sport/claim/a/late', None)
    """
    for corpus in corpora:
        if path.startswith((f"{corpus}/id/", f"{corpus}/doc/")):
            return f"{corpus}/{_SUFFIX.sub('', path.removeprefix(f'{corpus}/').partition('/')[2])}"
    match = _ADDRESS.fullmatch(path)
    return _SUFFIX.sub("", match[1]) if match else None


def frame(site: Site, iri: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The HTML that shows a claim within another page. The frame may open links in new windows and nothing else."""
    source = site.iris.url(f"embed/{site.iris.name(iri)}")
    return (
        f'<iframe src="{escape(source)}" width="{width}" height="{height}" title="{escape(title)}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" style="border:0"></iframe>'
    )


def discovery(site: Site, iri: str) -> list[tuple[str, str]]:
    """The media types and addresses of the descriptions of a claim's frame (oEmbed 1.0 §4)."""
    types = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
    url = site.iris.document(iri) or ""
    return [(type, site.iris.url(f"oembed?{urlencode({'url': url, 'format': name})}")) for name, type in types.items()]
