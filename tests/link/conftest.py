"""Real servers to ask: Oxigraph with a small extract that a test can change, and the fictional corpus as a dataset."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result

from quoth.cli import cli

from .. import oxigraph

CORPUS = Path(__file__).parent.parent / "corpus"
FIRM = "http://register.example/firm/"
EXTRACT = """
PREFIX firm: <http://register.example/firm/>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX kind: <http://register.example/kind/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA {
  kind:Firm rdfs:subClassOf kind:Body . kind:Office rdfs:subClassOf kind:Body .
  firm:Velm_Salt a kind:Firm ; rdfs:label "Velm Salt Company"@en , "Velmer Salz"@de ; skos:altLabel "Velm Salt"@en ;
    geo:lat "54.5"^^xsd:double ; geo:long "-3.25"^^xsd:double .
  firm:Harbour a kind:Office ; rdfs:label "Harbour Authority"@en .
  firm:Dockers a kind:Body ; rdfs:label "Dockers’ Union"@en .
  firm:Velm_Ferries a kind:Firm ; rdfs:label "Velm Ferries"@en .
  firm:Pilots a kind:Body ; rdfs:label "Guild of the Pilots"@en ; skos:altLabel "Pilots' Guild"@en ;
    schema:description "talks about boats in the bay"@en .
  firm:Pilots_Guild_Ale a kind:Beer ; rdfs:label "Pilots’ Guild"@en .
  firm:Tay a kind:Person ; rdfs:label "Orrin Tay"@en .
  firm:Old_Tay a kind:Person ; rdfs:label "Tay"@en .
}
"""
TARGETS = """
[register]
sparql = "{sparql}"
{more}
languages = ["en"]
facts = ["coordinates", "labels"]
requests_per_minute = 60000
backoff_s = 0.05
attempts = 3
time_limit_s = 5
result_mb = 1

[register.types]
"org:Organization" = ["http://register.example/kind/Body"]
"foaf:Person" = ["http://register.example/kind/Person"]
"""


@dataclass(frozen=True)
class Remote:
    """Another endpoint."""

    url: str

    def update(self, text: str) -> None:
        """Change its data."""
        headers = {"Content-Type": "application/sparql-update"}
        prefixes = EXTRACT.partition("INSERT")[0]
        with urlopen(Request(f"{self.url}/update", (prefixes + text).encode(), headers), timeout=10):
            pass


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """The register, as it is at first."""
    with oxigraph.serving("serve", tmp_path / "register") as url:
        remote = Remote(url)
        remote.update("INSERT" + EXTRACT.partition("INSERT")[2])
        yield remote


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table of candidates, or of a linkset."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@dataclass(frozen=True)
class Desk:
    """A working directory: a copy of the corpus, and the command ``quoth link`` in it."""

    folder: Path

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def linkset(self) -> Path:
        return self.corpus / "register.sssom.tsv"

    @property
    def table(self) -> Path:
        return self.folder / "register.candidates.tsv"

    @property
    def proposed(self) -> dict[tuple[str, str], dict[str, str]]:
        """The rows of the table of candidates, by subject and object."""
        return {(r["subject_id"], r["object_id"]): r for r in rows(self.table.read_text("utf-8"))}

    @property
    def statuses(self) -> Path:
        return self.corpus / "register.status.tsv"

    def ask(self, sparql: str, more: str = "") -> None:
        """Write the table of targets."""
        text = TARGETS.format(sparql=sparql, more=more)
        if not sparql:
            text = text.replace('sparql = ""', "")
        (self.folder / "targets.toml").write_text(text, "utf-8")

    def run(self, *arguments: str) -> Result:
        """``quoth …``, with an address to complain to."""
        environment = {"QUOTH_CONTACT": "mailto:claims@harbour.example", "QUOTH_LINK_CACHE": str(self.folder / "cache")}
        return CliRunner().invoke(cli, arguments, env=environment, standalone_mode=False)

    def suggest(self, *more: str) -> Result:
        targets = str(self.folder / "targets.toml")
        return self.run(
            "link", "suggest", "register", str(self.corpus), "--targets", targets, "-o", str(self.table), *more
        )

    def check(self, *more: str) -> Result:
        targets, by = str(self.folder / "targets.toml"), "id/person/orrin-tay"
        where = [str(self.corpus), "--targets", targets, "--links", str(self.corpus)]
        return self.run("link", "check", "register", *where, "--by", by, *more)

    def enrich(self, *more: str) -> Result:
        targets, by = str(self.folder / "targets.toml"), "id/person/orrin-tay"
        out = str(self.corpus / "register-facts.trig")
        return self.run(
            "link", "enrich", "register", str(self.corpus), "--targets", targets, "--by", by, "-o", out, *more
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copytree(CORPUS, tmp_path / "corpus")
    return Desk(tmp_path)
