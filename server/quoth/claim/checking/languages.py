"""Languages of texts and articles: tags of BCP 47 (RFC 5646), wherever a document has one."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from quoth.claim.model import language_tag
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import SCHEMA, XSD
from quoth.claim.model.report import Finding


def violations(quads: Iterable[ox.Quad]) -> Iterator[Finding]:
    """A finding about each tag that names no language: of a text, of an article, or of the datatype xsd:language."""
    for quad in quads:
        term = quad.object
        if not isinstance(term, ox.Literal):
            continue
        is_tag = quad.predicate == SCHEMA.inLanguage or term.datatype.value == f"{XSD.iri}language"
        tag = term.language or (term.value if is_tag else None)
        if tag is not None and (remedy := language_tag.remedy(tag)):
            focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            message = f"{shortened(tag)!r} is not a language tag (BCP 47)"
            yield Finding(message, "language-tag", focus=focus, path=quad.predicate.value, value=tag, remedy=remedy)
