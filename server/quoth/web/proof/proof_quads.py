"""A proof as RDF: a creative work (schema.org) that derives (PROV-O) from the claims that it cites, with all that the
documents of these claims hold, their content graphs included. Of the proof itself nothing is said that it does not say
in words."""

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, PROV, RDF, RDFS, SCHEMA, VOID
from quoth.web.core.site import Site
from quoth.web.describe import bulk
from quoth.web.describe.collection import collection_quads
from quoth.web.present import withdrawal_notices
from quoth.web.proof.proof import Proof, address
from quoth.web.proof.record import plain


def document(site: Site, proof: Proof) -> ox.NamedNode:
    """The IRI of a proof: its address, without the format and the number of a page."""
    return ox.NamedNode(site.iris.url(address(site, proof.subject)))


def quads(site: Site, proof: Proof, suffix: str) -> list[ox.Quad]:
    """The quads of a page of a proof in the format of that suffix."""
    this, url = document(site, proof), site.iris.url
    cited = [entry.claim.ref.iri for entry in proof.cited]
    sentences = (*proof.summary, *proof.ambiguous, *proof.updates, *proof.gaps, *proof.method)
    statements: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (RDF.type, PROV.Entity),
        (RDF.type, SCHEMA.CreativeWork),
        (RDFS.label, ox.Literal(proof.title, language="en")),
        (SCHEMA.about, ox.NamedNode(proof.subject.iri)),
        (SCHEMA.isBasedOn, ox.NamedNode(url(f"releases/{site.release.number}"))),
        (VOID.inDataset, ox.NamedNode(site.iris.dataset)),
        *((DCTERMS.license, ox.NamedNode(licence)) for licence in [site.licence] if licence),
        *((PROV.wasDerivedFrom, ox.NamedNode(iri)) for iri in cited),
        *((RDFS.comment, ox.Literal(plain(sentence), language="en")) for sentence in sentences),
    ]
    if proof.permanent and not site.pinned:
        statements.append((DCTERMS.hasVersion, ox.NamedNode(url(address(site, proof.subject, pinned=True)))))
    notices = withdrawal_notices.later(site).withdrawals
    later = [quad for iri in cited if iri in notices for quad in notices[iri].quads]
    listed = collection_quads(site.iris, proof.page.at(f"{proof.page.path}.{suffix}").map(()), proof.page)
    own = [ox.Quad(this, predicate, value) for predicate, value in statements]
    return list(dict.fromkeys([*own, *listed, *bulk.gather(site, cited).everything, *later]))
