"""Serialization of quads in each RDF format. Content never enters a format without named graphs."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.engine.api import serialization
from quoth.errors import NotAcceptableError
from quoth.formats import JSONLD, OX_RDF, RDFXML, Format
from quoth.web.core import jsonld
from quoth.web.core.urls import Iris


def serialize(
    quads: Iterable[ox.Quad],
    format: Format,
    iris: Iris,
    prefixes: Mapping[str, str] = MappingProxyType({}),
    *,
    root: str | None = None,
    profile: str | None = None,
) -> bytes:
    """The quads in a format. A format without named graphs gets the quads of the default graph alone.

    The document declares ``prefixes`` besides ours. JSON-LD has the resource ``root`` at its top, and the form that
    ``profile`` names (jsonld.FORMS). Raises NotAcceptableError where RDF/XML cannot express the quads (RDF 1.1 XML
    Syntax §2.1, XML 1.0 §2.2).
    """
    quads = list(quads)
    if not format.quads:
        quads = [q for q in quads if q.graph_name == ox.DefaultGraph()]
    if format is JSONLD:
        return jsonld.write(quads, iris, root, profile)
    data: Iterable[Any] = quads if format.quads else [q.triple for q in quads]
    options: dict[str, Any] = {"format": OX_RDF[format.name], "prefixes": {**prefixes_for(quads), **prefixes}}
    try:
        if format is RDFXML:
            text = serialization.XmlChecker().check(
                ox.serialize(serialization.rdfxml_safe(iter(data)), **options) or b""
            )
        else:
            text = ox.serialize(data, **options) or b""
    except serialization.SerializationError as error:
        raise NotAcceptableError(f"{format.title} cannot express this: {error}", remedy="ask for text/turtle") from None
    return serialization.sort_prefixes(format.name, text)


def prefixes_for(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The prefixes of ours that the quads can use, so that a short document has a short head."""
    terms = {t.value for q in quads for t in (q.subject, q.predicate, q.object) if isinstance(t, ox.NamedNode)}
    terms |= {q.object.datatype.value for q in quads if isinstance(q.object, ox.Literal)}
    spaces = {re.match(r".*[/#]|", term)[0] for term in terms}  # type: ignore[index]
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}
