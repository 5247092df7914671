"""The service description of the endpoint of one release in the archive."""

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDFS
from quoth.formats import Format
from quoth.web.core.site import Site
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import SERVICE
from quoth.web.present import withdrawal_notices


def serialize(site: Site, format: Format) -> bytes:
    """The description of the current endpoint under the address of this one, with the release as its dataset, and the
    way to the notices of what was withdrawn since. The graphs have no addresses there."""
    url = site.iris.url
    release, service = url(f"releases/{site.release.number}"), url(site.endpoint)
    names = {url(".well-known/void#dataset"): release, url(".well-known/void"): release}

    def moved(term: ox.NamedNode) -> ox.NamedNode:
        path, mark, part = term.value.partition("#")
        return ox.NamedNode(service + mark + part if path == url("sparql") else names.get(term.value, term.value))

    quads = []
    for s, p, o, _ in dataset_description.statements(site, SERVICE, ()):
        if ox.NamedNode(url("graphs")) not in (s, o):
            assert isinstance(s, ox.NamedNode)
            quads.append(ox.Quad(moved(s), p, moved(o) if isinstance(o, ox.NamedNode) else o))
    if text := withdrawal_notices.remark(site):
        node = ox.NamedNode(service)
        quads.append(ox.Quad(node, RDFS.comment, ox.Literal(text, language="en")))
        quads.append(ox.Quad(node, RDFS.seeAlso, ox.NamedNode(url(withdrawal_notices.path(site)))))
    return dataset_description.write(quads, format, site)
