"""Dataset IRIs and public URLs, and the only conversion between the two.

The dataset base is part of the data; the public URL is the address of this server. No function looks at the Host
header. A path is always percent-encoded, and keeps the encoding of the request (RFC 3986 §2.2, §6.2.2).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from quoth.claim.model.namespaces import CONTEXT_IRI, ONTOLOGY_IRI
from quoth.corpus import bases

_SAFE = "!$&'()*+,;=:@/-._~%"
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_PLAIN_IN_SEGMENTS = _UNRESERVED | frozenset("!$&'()*+,;=:@")
"""The characters that need no percent-encoding in a segment of a path: pchar, RFC 3986 §3.3."""
_PLAIN_IN_URIS = "!#$%&'()*+,/:;=?@[]~"
_UNSAFE_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f]')


@dataclass(frozen=True)
class Iris:
    """``base`` (with those of corpora beside it: Bases) and ``public`` end in a slash. ``documents`` is the path of the
    documents: those of the current release, or of one release in the archive (``releases/3/doc``)."""

    base: str
    public: str
    documents: str = "doc"

    @property
    def prefix(self) -> str:
        """The path of the public URL: ``/``, or ``/claims/`` under a sub-path."""
        return urlsplit(self.public).path or "/"

    def url(self, path: str) -> str:
        """The absolute public URL of a path of this server (``doc/claim/x``)."""
        return self.public + path.lstrip("/")

    def path(self, path: str) -> str:
        """The public URL of a path without scheme and host, for links within pages, which work on any host."""
        return self.prefix + path.lstrip("/")

    @property
    def dataset(self) -> str:
        """The IRI of the dataset of this server, which leads to its VoID description."""
        return self.url(".well-known/void#dataset")

    def candidates(self, path: str) -> Iterator[str]:
        """The dataset IRIs that a raw request path (``id/claim/x``, percent-encoded) may name, likeliest first.

        An IRI with letters outside ASCII arrives percent-encoded (RFC 3987 §3.1), while the data may have either.
        Functions such as encodeURIComponent encode even characters that a segment may have as they are.
        """
        decoded = (readable(path), readable(path, _PLAIN_IN_SEGMENTS))
        forms = (form for name in decoded for form in (name, quote(name, safe=_SAFE)))
        for name in dict.fromkeys((path, *forms)):
            yield from bases.named(name.removeprefix("id/"), self.base)

    def name(self, iri: str) -> str | None:
        """``claim/x`` for ``<base>id/claim/x#part``, percent-encoded, and ``sport/claim/x`` in the corpus of that path;
        None for an IRI that is not of this dataset."""
        name = bases.name(iri, self.base)
        return None if name is None else quote(name.partition("#")[0], safe=_SAFE)

    def value(self, iri: str) -> str:
        """An IRI as parameters have it: its name, where it is of this dataset."""
        return bases.name(iri, self.base) or iri

    def of_value(self, value: str) -> str:
        """The IRI of this dataset whose name a parameter has."""
        return next(bases.named(value, self.base))

    def document(self, iri: str) -> str | None:
        """The absolute URL of the document about an IRI; None for an IRI that is not of this dataset."""
        name = self.name(iri)
        return self.url(f"doc/{name}") if name else None

    def href(self, iri: str) -> str | None:
        """The target of a page's link for an IRI, or None where a link would not be right.

        Dataset IRIs go to their documents; the ontology's go to this server, since their redirect is not registered,
        and those of rules to the guide, which lists them; others go to themselves if they are http(s).
        """
        fragment = iri.partition("#")[2]
        anchor = f"#{quote(fragment, safe=_SAFE)}" if fragment else ""
        name = self.name(iri)
        if name is not None:
            return self.path(f"{self.documents}/{name}{anchor}")
        if iri.startswith(f"{ONTOLOGY_IRI}/rule#"):
            return self.path("guide/checking")
        if iri == CONTEXT_IRI:
            return self.path("context.jsonld")
        if iri == ONTOLOGY_IRI or iri.startswith((ONTOLOGY_IRI + "#", ONTOLOGY_IRI + "/")):
            rest = quote(iri[len(ONTOLOGY_IRI) :].partition("#")[0], safe=_SAFE)
            return self.path(f"ns{rest}{anchor}")
        return iri if is_web(iri) else None

    def shorten(self, iri: str) -> str:
        """An IRI for a reader: relative to the site where it is of the dataset."""
        return bases.short(iri, self.base)

    @property
    def corpora(self) -> list[str]:
        """The public paths of the corpora with bases of their own."""
        return [path for path, _ in bases.every(self.base)[1:]]

    def corpus(self, iri: str) -> str:
        """The public path of the corpus whose IRI it is; empty for one with the dataset's own base, and any other."""
        return next((path for path, base in bases.every(self.base)[1:] if iri.startswith(f"{base}id/")), "")


def as_uri(iri: str) -> str:
    """The URI that an IRI maps to, as a header can hold it (RFC 3987 §3.1)."""
    return quote(iri, safe=_PLAIN_IN_URIS)


def is_web(iri: str) -> bool:
    """Whether an IRI may become a link: http or https, with a host, and without characters that no IRI may have."""
    if _UNSAFE_IN_IRI.search(iri):
        return False
    try:
        parts = urlsplit(ox.NamedNode(iri).value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def readable(path: str, plain: frozenset[str] = _UNRESERVED) -> str:
    """A path without unnecessary percent-encoding: that of letters outside ASCII and of unreserved characters.

    Reserved characters stay encoded, since decoding them would name something else (RFC 3986 §6.2.2.2), unless
    they are among ``plain``.

    >>> readable("id/topic/caf%C3%A9%2Fx%7E")
    'id/topic/café%2Fx~'
    """

    def decoded(match: re.Match[str]) -> str:
        try:
            text = bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        return "".join(c if c in plain or c > "\x9f" else f"%{ord(c):02X}" for c in text)

    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", decoded, path)
