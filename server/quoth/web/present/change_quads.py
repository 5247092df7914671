"""Past changes, labels and links as RDF.

A change is the version of a thing that it made: of the type that ActivityStreams has for what was done, a
dcterms:isVersionOf of the thing, dcterms:created with its release, with the reason as rdfs:comment, and who gave it and
when (prov:wasAttributedTo, dcterms:date). dcterms:issued and dcterms:modified of a document are the times at which the
thing was first published and last changed. When a label or a link was there is said of an rdf:Statement, with
prov:generatedAtTime and prov:invalidatedAtTime.
"""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, PROV, RDF, RDFS, XSD, Term
from quoth.release.dumps import nquads
from quoth.release.history.changes import Change
from quoth.release.history.past_changes import Wanted
from quoth.web.core.site import Site
from quoth.web.present import change_view

ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"
ACTIVITIES = {"added": "Create", "changed": "Update", "withdrawn": "Delete", "returned": "Create"}
"""What happened → the type of the activity in ActivityStreams 2.0."""
MOST = 100
"""Changes of a thing that its document has, the newest ones; and labels and links."""


def activity(name: str) -> ox.NamedNode:
    """A class of ActivityStreams 2.0."""
    return ox.NamedNode(f"{ACTIVITY_STREAMS}#{name}")


def version(site: Site, change: Change) -> Iterator[ox.Quad]:
    """The version of a thing that a change made. What is said of it stays the same in later releases."""
    made = ox.NamedNode(change_view.address(site, change))
    yield ox.Quad(made, RDF.type, activity(ACTIVITIES[change.event]))
    yield ox.Quad(made, DCTERMS.isVersionOf, ox.NamedNode(change.iri))
    yield ox.Quad(made, DCTERMS.created, _time(change.created))
    yield ox.Quad(made, DCTERMS.isPartOf, ox.NamedNode(f"{site.iris.base}releases/{change.release}"))
    if change.reason:
        yield ox.Quad(made, RDFS.comment, ox.Literal(change.reason, language="en"))
    if change.by:
        yield ox.Quad(made, PROV.wasAttributedTo, ox.NamedNode(change.by))
    if change.date:
        yield ox.Quad(made, DCTERMS.date, ox.Literal(change.date, datatype=XSD.date))


def of_document(site: Site, iri: str, path: str) -> list[ox.Quad]:
    """The statements of the document at ``path`` about the past of its thing, and of what concerned it and is gone;
    nothing where the release has no history."""
    past = site.past
    changes = past.changes(Wanted(iri=iri), limit=MOST) if past else []
    span = past.span(iri) if past else None
    if past is None or span is None:
        return []
    document, thing = ox.NamedNode(site.iris.url(path)), ox.NamedNode(iri)
    times = dict(past.releases())
    quads = [
        ox.Quad(document, DCTERMS.issued, _time(times[span.first])),
        ox.Quad(document, DCTERMS.modified, _time(changes[0].created)),
    ]
    for change in changes:
        made = ox.NamedNode(change_view.address(site, change))
        quads += [ox.Quad(thing, DCTERMS.hasVersion, made), *version(site, change)]
    quads += [quad for change in past.withdrawn(iri, MOST) for quad in version(site, change)]
    numbers = list(times)
    for place, seen in enumerate(past.seen(iri)[:MOST], 1):
        statement = ox.NamedNode(f"{document.value}#past-{place}")
        value = nquads.term(seen.value.encode())
        parts: Sequence[tuple[ox.NamedNode, Term]] = (
            (RDF.type, RDF.Statement),
            (RDF.subject, thing),
            (RDF.predicate, ox.NamedNode(seen.property)),
            (RDF.object, value),
            (PROV.generatedAtTime, _time(times[seen.span.first])),
        )
        quads += [ox.Quad(statement, predicate, object) for predicate, object in parts]
        if seen.span.last is not None:
            end = times[numbers[numbers.index(seen.span.last) + 1]]
            quads.append(ox.Quad(statement, PROV.invalidatedAtTime, _time(end)))
    return quads


def _time(created: str) -> ox.Literal:
    return ox.Literal(created, datatype=XSD.dateTime)
