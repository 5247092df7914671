"""A small release with a few claims, made from quads."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDF, SCHEMA
from quoth.release.publish import publish
from quoth.release.release import Release

from ..conftest import BASE


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


def quads(claims: int = 3) -> list[ox.Quad]:
    quads = [ox.Quad(iri("id/article/a"), RDF.type, SCHEMA.NewsArticle)]
    for i in range(claims):
        claim = iri(f"id/claim/a/{i}")
        quads += [
            ox.Quad(claim, RDF.type, QUOTH.Claim),
            ox.Quad(claim, iri("label"), ox.Literal(f'he said "{i} > 1"\nand é \x07', language="en")),
            ox.Quad(iri(f"id/claim/a/{i}#s"), iri("agent"), iri("id/person/x"), iri(f"id/claim/a/{i}#content")),
            ox.Quad(iri(f"id/claim/a/{i}#s"), iri("cause"), ox.Literal("<b> ."), iri(f"id/claim/a/{i}#content")),
        ]
    return quads


def release(
    folder: Path,
    content: list[ox.Quad] | None = None,
    *,
    force: bool = False,
    note: Callable[[str], None] | None = None,
) -> Release:
    return publish(
        quads() if content is None else content,
        releases=folder,
        base=BASE,
        report_ttl="# conforms\n",
        report_json='{"conforms": true}\n',
        force=force,
        note=note,
    )
