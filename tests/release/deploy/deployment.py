"""A folder of releases that is published with an engine, and what that holds, asked without Quoth."""

import gzip
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from quoth.config import Settings
from quoth.release.deploy import record
from quoth.release.deploy.staging import Staging, staging
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.release import Release

from ...conftest import BASE
from ..publishing import quads

CLAIMS = "SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> }"
_HELD = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), '%s') || ?g = <urn:quoth:asserted>) }"
_UPDATES = {"fuseki": "{dataset}/update", "rdf4j": "{server}/repositories/{name}/statements"}


def dump(release: Release) -> set[str]:
    """The quads of a release."""
    with release.open_file("claims.nq.gz") as packed, gzip.open(packed) as file:
        return {str(quad) for quad in ox.parse(file.read(), ox.RdfFormat.N_QUADS)}


class Deployment:
    """A folder of releases, published with an engine."""

    def __init__(self, releases: Path, engine: str) -> None:
        self.settings = Settings(releases=releases, public_url=BASE, engine=engine)
        self.notes: list[str] = []

    @property
    def staging(self) -> Staging:
        staged = staging(self.settings, self.notes.append)
        assert staged is not None
        return staged

    def publish(self, claims: int, force: bool = False, more: Sequence[ox.Quad] = ()) -> Release:
        return publish(
            [*quads(claims), *more],
            releases=self.settings.releases,
            base=BASE,
            report_ttl="",
            report_json="{}",
            force=force,
            stage=self.staging.stage,
        )

    def dataset(self, release: Release) -> str:
        """The URL of the dataset of a release."""
        known = record.read(self.settings.releases)
        [url] = [url for url in known if known[url] == record.entry(release)]
        return url

    def content(self, dataset: str) -> set[str]:
        """The quads of a dataset: none where there is none."""
        dialect = self.staging.dialect
        if not dialect.content:
            return _content_by_query(dataset)
        method, url = dialect.filled(dialect.content, dataset).split()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, headers={"Accept": "application/n-quads"}, method=method)
            ) as response:
                quads = ox.parse(response.read(), ox.RdfFormat.N_QUADS)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return set()
        asserted = ox.NamedNode(dialect.default_graph) if dialect.default_graph else None
        return {str(ox.Quad(*quad.triple) if quad.graph_name == asserted else quad) for quad in quads}

    def update(self, dataset: str, text: str) -> None:
        """Have somebody change a dataset by a SPARQL update; DEFAULT is the default graph of releases."""
        dialect = self.staging.dialect
        text = text.replace("DEFAULT", f"GRAPH <{dialect.default_graph}>") if dialect.default_graph else text
        if dialect.login == "digest":
            with closing(self.staging._loader()) as loader:
                return loader.update(dataset, text.encode())
        url = dialect.filled(_UPDATES.get(dialect.name, "{dataset}/update"), dataset)
        headers = {"Content-Type": "application/sparql-update"}
        urllib.request.urlopen(urllib.request.Request(url, text.encode(), headers)).close()

    @property
    def keeps(self) -> bool:
        """Whether there is room for more than one release."""
        return self.staging.dialect.releases != "one"

    def clear(self) -> None:
        """Drop all that the engine has of the releases."""
        with closing(self.staging._loader()) as loader:
            for dataset in record.read(self.settings.releases):
                self.staging._drop(loader, dataset)
        assert self.recorded() == []

    def recorded(self) -> list[int]:
        """The numbers of the releases that the record has."""
        return sorted(number for number, _ in record.read(self.settings.releases).values())

    def claims(self) -> int:
        """How many claims the engine of the current release has."""
        engine, _ = open_current(self.settings)
        try:
            return len(engine.select(CLAIMS))
        finally:
            engine.close()


def _content_by_query(server: str) -> set[str]:
    query = urllib.parse.urlencode({"query": _HELD % BASE, "format": "application/sparql-results+json"})
    with urllib.request.urlopen(f"{server}/sparql?{query}") as response:
        rows = json.load(response)["results"]["bindings"]
    return {str(ox.Quad(*(_term(row[name]) for name in "spo"), _graph(row["g"]["value"]))) for row in rows}  # type: ignore[call-arg,arg-type]


def _graph(iri: str) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if iri == "urn:quoth:asserted" else ox.NamedNode(iri)


def _term(value: dict[str, str]) -> ox.NamedNode | ox.Literal:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    datatype = value.get("datatype")
    language = value.get("xml:lang")
    return ox.Literal(
        value["value"], datatype=ox.NamedNode(datatype) if datatype and not language else None, language=language
    )
