"""Targets of requests, what the server counts, and a release that says one thing."""

from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ..conftest import BASE
from ..serving import Reply, Server

ASK = "/sparql?query=ASK%7B%7D"
SELECT = "/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%2040"
LONG = "/sparql?format=tsv&query=SELECT*%7B%3Fs%20%3Fp%20%3Fo.%3Fa%20%3Fb%20%3Fc%7DLIMIT%2030000"
PAGE = "/doc/claim/harbour/no-ties"


def metric(server: Server, name: str) -> float:
    lines = server.fetch("/metrics").body.decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def hits(server: Server) -> float:
    return metric(server, "quoth_cache_hits_total")


def steady(got: Reply) -> Reply:
    """Without what is different each second."""
    return got._replace(headers={k: v for k, v in got.headers.items() if k != "date"})


def published(releases: Path, label: str) -> None:
    """Publish a topic with that label."""
    topic = ox.NamedNode(f"{BASE}id/topic/x")
    quads = [ox.Quad(topic, RDF.type, QUOTH.Topic), ox.Quad(topic, RDFS.label, ox.Literal(label, language="en"))]
    publish(publication.published_quads(quads, BASE), releases=releases, base=BASE, report_ttl="", report_json="{}")
