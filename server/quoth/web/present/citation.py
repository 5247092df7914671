"""How to cite a claim: as plain text, as BibTeX, as CSL-JSON."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quoth.claim.model.namespaces import PROV
from quoth.claim.model.quotation_marks import quoted
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.present.claim_view import Claim
from quoth.web.present.publication import publication

BIBTEX_TYPE = "application/x-bibtex"
CSL_TYPE = "application/vnd.citationstyles.csl+json"

PROPOSED = "Proposed, not reviewed. "
SUMMARY = "The title is a summary, not a quotation."
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, and those after a backslash too
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True)
class Citation:
    """The elements of a citation of a claim.

    ``name``: the claim's name, as in its IRI. ``sentence``: the claim in our words, which stand in no quotation marks;
    ``quotes``: the quoted words of the article, which do. ``encoder``: who encoded the article; ``issued``: the day of
    the release (YYYY-MM-DD). ``article`` is its headline, or our name for it, and ``corpus`` the path of its corpus,
    where that has a base of its own; its other elements are empty where the data does not say. ``proposed``: whether
    nobody has reviewed the claim. ``remark``: who may say it, where the text does not make that clear. ``url``: the
    claim's document in this release, for good; ``iri``: the claim itself.
    """

    name: str
    sentence: str
    quotes: Sequence[str]
    encoder: str
    article: str
    article_date: str
    release: int
    issued: str
    url: str
    iri: str
    corpus: str = ""
    article_author: str = ""
    article_publisher: str = ""
    article_url: str = ""
    proposed: bool = False
    remark: str = ""

    @property
    def title(self) -> str:
        """The sentence as a title, which says where nobody has reviewed the claim."""
        return ("[proposed] " if self.proposed else "") + self.sentence.rstrip(".")

    @property
    def container(self) -> str:
        """The publication that the claim is a part of."""
        return f"Quoth, release {self.release}"

    @property
    def place(self) -> str:
        """The article that the claim is made in: author, headline, publisher, date and address, as far as known."""
        headline = f"{quoted(self.article)}{f' ({self.corpus})' if self.corpus else ''}" if self.article else ""
        known = ", ".join(filter(None, [self.article_author, headline, self.article_publisher, self.article_date]))
        return f"{known} ({self.article_url})" if self.article_url else known

    @property
    def made(self) -> str:
        """The article and its words in which the claim is made, as a sentence."""
        words = " … ".join(quoted(line(quote)) for quote in self.quotes)
        return f"Claim made in {': '.join(filter(None, [self.place, words]))}."

    @property
    def note(self) -> str:
        """The same, whose words the title is, and the claim's identifier on any server.

        A style may print titles in quotation marks, so it has to be said that the article's words are others."""
        proposed = PROPOSED if self.proposed else ""
        return " ".join(filter(None, [self.made, SUMMARY, self.remark, f"{proposed}Identifier: {self.iri}"]))

    @property
    def key(self) -> str:
        """A name for the entry in a bibliography: ASCII letters, digits and hyphens."""
        return f"{key_of(self.name)}-r{self.release}"


def citation_of(site: Site, claim: Claim, article: TripleIndex) -> Citation:
    """The citation of a claim; ``article``: the statements about its article (claim_lookup.article_of).

    Its URL is that of the pinned document, if this server has the release's store."""
    iri = claim.article.iri if claim.article else ""
    published = publication(site, iri, article)
    encoders = article.values(claim.encoding or f"{iri}#encoding", PROV.wasAttributedTo)
    number = site.release.number
    name = site.iris.name(claim.ref.iri) or claim.ref.iri
    return Citation(
        name=name.replace("claim/", "", 1),
        sentence=claim.ref.label,
        quotes=[quote.exact for quote in claim.quotes],
        encoder=" and ".join(map(site.labels.label, encoders)) or "Quoth",
        article=published.headline or (site.labels.label(iri) if iri else ""),
        article_date=published.day,
        release=number,
        issued=site.release.manifest.created[:10],
        url=site.iris.url(f"releases/{number}/doc/{name}" if site.serves(number) else f"doc/{name}"),
        iri=claim.ref.iri,
        corpus=site.iris.corpus(iri),
        article_author=" and ".join(author.label for author in published.authors),
        article_publisher=" and ".join(publisher.label for publisher in published.publishers),
        article_url=next(iter(published.urls), ""),
        proposed=claim.proposed,
        remark=claim.in_words if claim.readings else "",
    )


def text(cited: Citation) -> str:
    """One line for a footnote."""
    sentence = f"{cited.sentence.rstrip('.')}. {cited.made} {PROPOSED if cited.proposed else ''}"
    return f"{line(sentence)} {line(cited.container)}, encoded by {line(cited.encoder)}, {cited.issued}. {cited.url}"


def bibtex(cited: Citation) -> str:
    """An entry of type ``misc``, which every style knows. Text is UTF-8 with TeX's own characters escaped."""
    fields = {
        "title": cited.title,
        "howpublished": cited.container,
        "year": cited.issued[:4],
        "month": cited.issued[5:7],
        "day": cited.issued[8:10],
        "url": cited.url,
        "note": cited.note,
    }
    return entry("misc", cited.key, fields, [cited.encoder])


def entry(kind: str, key: str, fields: Mapping[str, str], authors: Sequence[str]) -> str:
    """An entry of BibTeX. Authors are names as they stand, which no style takes apart."""
    told = {name: _url(value) if name == "url" else _tex(value) for name, value in fields.items()}
    title, *others = told.items()
    author = ("author", " and ".join(f"{{{_tex(name)}}}" for name in authors))
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in (title, author, *others) if value)
    return f"@{kind}{{{key},\n{rows}}}\n"


def csl(cited: Citation) -> list[dict[str, Any]]:
    """CSL-JSON (Citation Style Language 1.0.2, csl-data.json): an array of one item. The article is the original."""
    original = {
        "original-title": line(cited.article),
        "original-author": [{"literal": line(cited.article_author)}] if cited.article_author else None,
        "original-publisher": line(cited.article_publisher),
        "original-date": _date(cited.article_date),
    }
    item = {
        "id": cited.key,
        "type": "entry",
        "title": line(cited.title),
        "author": [{"literal": line(cited.encoder)}],
        "container-title": cited.container,
        "version": str(cited.release),
        "issued": _date(cited.issued),
        **{name: value for name, value in original.items() if value},
        "URL": cited.url,
        "note": line(cited.note),
        "language": "en",
    }
    return [item]


def _date(day: str) -> dict[str, list[list[int]]] | None:
    """A day (YYYY-MM-DD) as CSL-JSON has it; None for what is none."""
    return {"date-parts": [[int(part) for part in day.split("-")]]} if _DAY.fullmatch(day) else None


def csl_text(cited: Citation) -> str:
    """CSL-JSON as the text of a file."""
    return to_text(csl(cited))


def to_text(items: Sequence[Mapping[str, Any]]) -> str:
    """Items of CSL-JSON as the text of a file."""
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def key_of(name: str) -> str:
    """A name for an entry in a bibliography: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "quoth-" + (re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "claim")


def line(value: str) -> str:
    """On one line, without control characters."""
    line = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in value)
    return re.sub(r" {2,}", " ", line).strip()


def _tex(value: str) -> str:
    return "".join(_BIBTEX.get(c, c) for c in line(value))


def _url(value: str) -> str:
    """A URL in a field that BibTeX reads verbatim: only braces and backslashes, which no URL may hold, would harm."""
    return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", value)
