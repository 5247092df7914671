"""From another endpoint to the page: checked and fetched facts are shown with their source and date."""

import datetime
import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.link.remote import targets
from quoth.release.publish import publish
from quoth.resources import folder
from quoth.web.app import create_app
from quoth.web.guide import chapters

from .conftest import FIRM, Desk, Remote

pytestmark = pytest.mark.slow

BASE = "http://localhost:8000/"
TODAY = datetime.date.today().isoformat()
PAGE = (Path(chapters.__file__).parent / "matching.md").read_text("utf-8")


def ask(client: FlaskClient, pattern: str) -> bool:
    prefixes = f"BASE <{BASE}> PREFIX firm: <{FIRM}> PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> "
    answer = client.post("/sparql", data={"query": prefixes + f"ASK {{ {pattern} }}"})
    found: bool = json.loads(answer.text)["boolean"]
    return found


def test_a_page_has_map_names_and_status_with_their_source(remote: Remote, desk: Desk) -> None:
    hostile = "<script>alert(1)</script>"
    remote.update(f'INSERT DATA {{ firm:Velm_Salt rdfs:label "{hostile}"@fr }}')
    desk.ask(f"{remote.url}/query")
    assert desk.enrich().exception is None
    remote.update(
        "DELETE WHERE { firm:Velm_Salt rdfs:label ?x } ; DELETE WHERE { firm:Velm_Salt skos:altLabel ?x } ;"
        ' INSERT DATA { firm:Velm_Salt rdfs:label "Velm Spice"@en }'
    )
    assert desk.check().exit_code == 1
    report, authored = check.check([desk.corpus], BASE)
    assert report.conforms
    quads = publication.published_quads(authored, BASE)
    release = publish(quads, releases=desk.folder / "r", base=BASE, report_ttl="", report_json="{}")
    settings = Settings(releases=desk.folder / "r", public_url=BASE)
    with closing(EmbeddedEngine(release.store_path, Limits(time_s=10, workers=1))) as engine:
        client = create_app(settings, engine, release).test_client()
        page = client.get("/doc/org/velm-salt.html").text
        assert "54.5° N, 3.2° W" in page
        assert re.search(rf"according to .*Facts from Coast Register.*{TODAY}", page)
        assert re.search(rf"3 names there, according to Facts from Coast Register, {TODAY}", page)
        assert '<span lang="de" dir="auto">Velmer Salz</span>' in page
        assert hostile not in page
        assert "&lt;script&gt;alert(1)" in page
        assert re.search(rf"Checked {TODAY} by .*Orrin Tay.*relabelled.*found Velm Spice", page)
        other = client.get("/doc/org/pilots-guild.html").text
        assert "Facts from" not in other
        assert "Checked" not in other
        assert ask(client, "GRAPH <id/linkset/register#facts> { firm:Velm_Salt geo:lat 54.5 }")
        assert not ask(client, "firm:Velm_Salt geo:lat ?lat")
        assert not ask(client, "GRAPH ?g { <id/org/velm-salt> geo:lat ?lat }")
        plain = client.get("/doc/org/velm-salt.ttl").text
        assert "54.5" not in plain
        linkset = client.get("/doc/linkset/register", headers={"Accept": "text/turtle"}).text
        assert "hadPrimarySource" in linkset


def test_facts_without_their_exact_match_fail_the_check(remote: Remote, desk: Desk) -> None:
    desk.ask(f"{remote.url}/query")
    desk.enrich()
    text = desk.linkset.read_text("utf-8")
    desk.linkset.write_text(
        text.replace("Velm Salt		skos:exactMatch", "Velm Salt		skos:closeMatch"), "utf-8"
    )
    report, _ = check.check([desk.corpus], BASE)
    assert "enrichment-about" in {f.rule for f in report.findings}


def test_the_guide_s_table_of_targets_is_valid_and_its_commands_run(
    remote: Remote, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [text] = [t.content for t in chapters.examples(PAGE) if t.info.endswith("file=targets.toml")]
    (desk.folder / "targets.toml").write_text(text.replace("http://localhost:7878", remote.url), "utf-8")
    (desk.folder / "data").mkdir()
    for file in desk.corpus.glob("*.*"):
        place = desk.folder / "data" / ("links" if file.name.endswith(".tsv") else ".")
        place.mkdir(exist_ok=True)
        shutil.copy(file, place / file.name)
    monkeypatch.chdir(desk.folder)
    lines = [line for t in chapters.examples(PAGE) if t.info == "sh" for line in t.content.splitlines()]
    commands = [line.split()[1:] for line in lines if line.startswith("quoth ")]
    assert [c[:2] for c in commands] == [
        ["link", "suggest"],
        ["link", "accept"],
        ["check", "data"],
        ["link", "check"],
        ["link", "enrich"],
    ]
    for command in commands:
        result = desk.run(*command)
        assert result.exit_code == 0, result.output
        if command[1] == "suggest":
            table = (desk.folder / "register.candidates.tsv").read_text("utf-8")
            assert "register:Pilots\t" in table, "found by a word that the names share"
            row = next(line for line in table.splitlines() if "register:Tay\t" in line)
            (desk.folder / "register.candidates.tsv").write_text(table.replace(row, f"{row}accept"), "utf-8")
    report, quads = check.check([desk.folder / "data"], BASE)
    assert report.conforms
    assert f"<{FIRM}Tay>" in {str(q.object) for q in quads}


def test_the_shipped_table_names_only_entities_of_the_data() -> None:
    found = targets.read(folder("data") / "links" / "targets.toml")
    assert set(found) == {"wikidata", "dbpedia"}
    text = (folder("data") / "links" / "targets.ttl").read_text("utf-8")
    for target in found.values():
        assert f'dcterms:identifier "{target.name}"' in text
        for kind, classes in target.types.items():
            assert kind.startswith("http")
            assert all(c.startswith("http") for c in classes)
