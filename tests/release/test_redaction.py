"""Redaction: the words of a claim are in no byte of any release, and its notice is in each."""

import ctypes
import functools
import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.test import Client

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.part import Part
from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.errors import NotFoundError, ReleaseError
from quoth.release.dumps import gzip_stream, nquads
from quoth.release.history import diff
from quoth.release.history.past_changes import PastChanges, Wanted
from quoth.release.open import open_current
from quoth.release.publish import publish, publish_parts
from quoth.release.redaction import redaction_record
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.redaction.words import position
from quoth.release.release import Release, Releases
from quoth.server import current_release
from quoth.server.current_release import CurrentRelease

from ..cli.commands import quoth
from ..conftest import BASE, CORPUS, application
from .publisher import Publisher

CLAIM = f"{BASE}id/claim/harbour/ferry-late"
BY = f"{BASE}id/org/harbour-office"
REDACTION = Redaction(CLAIM, "The court of Velm ordered it", BY, "2026-11-29")
SECRETS = (
    "the ferry was late",
    "says that the ferry was late",
    "Zanzibar",
    "is another source than the harb",
)
EARLIER = "The ferry from Zanzibar was late, says the harbour office."


def corpus() -> list[ox.Quad]:
    """What the document says; the ontology, which has the same words in its examples, is left out."""
    ontology = {*ontology_quads()}
    quads = publication.published_quads(read(CORPUS / "harbour.yaml", BASE).quads, BASE)
    return [quad for quad in quads if quad not in ontology]


def labelled(iri: str, text: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(iri), RDFS.label, ox.Literal(text, language="en"))


def of_article(name: str, text: str) -> list[ox.Quad]:
    """A claim that is quoted from the same article, with that label."""
    claim = ox.NamedNode(f"{BASE}id/claim/harbour/{name}")
    return [labelled(claim.value, text), ox.Quad(claim, PROV.wasQuotedFrom, ox.NamedNode(f"{BASE}id/article/harbour"))]


def published(folder: Path, content: list[ox.Quad], *, reported: bool = True) -> Release:
    """A release of some quads, whose validation report is about the claim if ``reported``."""
    if not reported:
        return publish(content, releases=folder, base=BASE, report_ttl="", report_json="{}")
    return publish(
        content,
        releases=folder,
        base=BASE,
        report_ttl=f"@prefix sh: <http://www.w3.org/ns/shacl#> . _:r sh:result _:s . _:s sh:focusNode <{CLAIM}> ;"
        ' sh:resultMessage "the ferry was late"@en . _:r sh:resultMessage "not: the ferry was late" .',
        report_json=json.dumps({"findings": [{"focus": CLAIM, "value": "the fer"}, {"value": "the ferry was late!"}]}),
    )


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Three releases: the claim with another label, as it is, and said again by others."""
    folder = tmp_path / "releases"
    own = [q for q in corpus() if q.subject == ox.NamedNode(CLAIM) and q.predicate == RDFS.label]
    published(folder, [q for q in corpus() if q not in own] + [labelled(CLAIM, EARLIER)])
    published(folder, corpus())
    again = of_article("again", "They repeat that the ferry was late.")
    published(folder, [*corpus(), *again, *of_article("old", f"It said: {EARLIER}")])
    return folder


def texts(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """All bytes of all files, and what is compressed in them."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        yield path, data
        if path.suffix == ".gz":
            yield path, gzip.decompress(data)
        elif path.parent.name == "segments":
            yield path, gzip_stream.unpack(data)


def having(folder: Path) -> set[str]:
    """The files that have any of the words."""
    found = {p.relative_to(folder).as_posix() for p, data in texts(folder) for s in SECRETS if s.encode() in data}
    for release in Releases(folder).readable():
        stored = "\n".join(map(str, ox.Store.read_only(str(release.store_path))))
        found |= {f"{release.number}/store" for secret in SECRETS if secret in stored}
    return found


def test_no_byte_of_any_release_has_the_words(releases: Path) -> None:
    before = Releases(releases).all()
    kinds = {name.partition("/")[2].partition("/")[0] for name in having(releases)}
    assert kinds == {"segments", "store", "lists.sqlite", "history.sqlite", "report.ttl", "report.json"}
    redacted = redact(releases, REDACTION)
    assert (redacted.redaction, redacted.releases) == (REDACTION, [1, 2, 3])
    [entry] = redaction_record.read(releases)
    assert replace(entry, blanks=()) == replace(REDACTION, complete=True)
    assert having(releases) == set()
    assert {*os.listdir(releases)} == {".lock", "current.json", "1", "2", "3", "current", "redacted.json"}
    for old, new in zip(before, Releases(releases).all(), strict=True):
        new.verify()
        assert new.manifest.redacted == [{"iri": CLAIM, "reason": REDACTION.reason, "by": BY, "date": REDACTION.date}]
        assert (new.number, new.manifest.created, new.manifest.base) == (old.number, old.manifest.created, BASE)
        assert new.manifest.content_sha256 != old.manifest.content_sha256
        assert new.manifest.claims == old.manifest.claims - 1
        lines = [*diff.lines(new)]
        assert {*REDACTION.lines()} <= {*lines}
        # Nothing names it but the notice, and the rest is as it was.
        assert [line for line in lines if f"<{CLAIM}>".encode() in line] == [
            line for line in REDACTION.lines() if str(QUOTH.withdraws).encode() in line
        ]
        assert any(b"harbour/dockers-late> " in line for line in lines)
        assert not [line for line in lines if line.startswith(f"<{CLAIM}".encode()) and b"#redaction" not in line]
    assert "They repeat that [redacted]." in b"".join(lines).decode()


def test_the_history_keeps_that_it_happened_and_not_the_words(releases: Path) -> None:
    begun = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    redact(releases, REDACTION)
    past = PastChanges(Releases(releases).current().file("history.sqlite"))
    changes = past.changes(Wanted(iri=CLAIM), limit=9)
    assert [(c.release, c.event, c.reason) for c in changes] == [
        (3, "withdrawn", REDACTION.reason), (2, "changed", ""), (1, "added", "")
    ]  # fmt: skip
    assert (changes[0].by, changes[0].date, changes[0].label) == (BY, REDACTION.date, "")
    assert not any(c.statements for c in changes)
    made = [release.manifest.created for release in Releases(releases).all()]
    assert changes[0].created >= begun >= made[2]  # a reader who asks for what is later than that finds it
    assert [c.created for c in changes[1:]] == made[1::-1]
    assert past.last() == past.last_of(3)
    assert past.count(Wanted(roles={"article": f"{BASE}id/article/harbour"}, iri=CLAIM)) == 3
    assert past.seen(CLAIM) == []
    [first] = PastChanges(Releases(releases).open(1).file("history.sqlite")).changes(Wanted(event="withdrawn"), limit=9)
    assert first.iri == CLAIM


def test_what_was_withdrawn_before_is_redacted_as_a_change_of_its_own(releases: Path) -> None:
    withdrawn = published(releases, [q for q in corpus() if CLAIM not in str(q)], reported=False)
    redact(releases, REDACTION)
    past = PastChanges(Releases(releases).current().file("history.sqlite"))
    changes = past.changes(Wanted(iri=CLAIM), limit=9)
    assert [(c.event, c.reason, c.release) for c in changes[:2]] == [
        ("withdrawn", REDACTION.reason, withdrawn.number), ("withdrawn", "", withdrawn.number)
    ]  # fmt: skip
    assert past.versions(CLAIM) == [(1, 2), (2, 4)]
    with application(releases) as app:
        client = app.test_client()
        for path in ("", "releases/1/"):
            problem = client.get(f"/{path}doc/claim/harbour/ferry-late").get_json(force=True)
            assert problem["withdrawal"]["published"] == "in releases 1 to 3"


def test_its_address_answers_410_with_the_notice_in_every_format_and_release(releases: Path) -> None:
    redact(releases, REDACTION)
    with application(releases) as app:
        client = app.test_client()
        for path in ("/doc/claim/harbour/ferry-late", *(f"/releases/{n}/doc/claim/harbour/ferry-late" for n in (1, 2))):
            for accept in ("text/html", "application/problem+json"):
                response = client.get(path, headers={"Accept": accept})
                assert response.status_code == 410, path
                assert REDACTION.reason in response.text
            for suffix in ("ttl", "nt", "jsonld", "trig", "nq", "rdf"):
                response = client.get(f"{path}.{suffix}")
                assert response.status_code == 410, path
                assert REDACTION.reason in response.text
            assert client.get(path.replace("ferry-late", "dockers-late")).status_code == 200
        assert client.get("/id/claim/harbour/ferry-late").status_code == 410
        page = client.get("/releases/2", headers={"Accept": "text/html"}).text
        assert f"claim/harbour/ferry-late on {REDACTION.date}: {REDACTION.reason}" in page


def test_a_running_server_follows(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    server = CurrentRelease(Settings(releases=releases, query_workers=1, public_url=BASE), open_current)
    client = Client(server)
    paths = ("/doc/claim/harbour/ferry-late.ttl", "/releases/1/doc/claim/harbour/ferry-late.ttl")
    assert [client.get(path).status_code for path in paths] == [200, 200]
    generation = server.generation
    earlier = server._app.extensions["quoth-archive"]._open
    assert [*earlier] == [1]
    redact(releases, REDACTION)
    time.sleep(0.01)
    assert client.get("/releases").status_code == 200
    assert [*earlier] == []  # nothing keeps the words on the disk
    for path in paths:
        response = client.get(path)
        assert response.status_code == 410
        assert REDACTION.reason in response.text
    assert server.generation > generation
    generation = server.generation
    time.sleep(0.01)
    assert client.get("/doc/claim/harbour/dockers-late.ttl").status_code == 200
    assert server.generation == generation
    server.close()


def test_nothing_that_was_kept_of_answers_has_the_words(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_release, "POLL_EVERY_S", 0.0)
    server = CurrentRelease(Settings(releases=releases, query_workers=1, public_url=BASE), open_current)
    client = Client(server)
    kept = ("changes.atom", "changes/activities/1", "changes/ldes/1.nt", "releases/1/claims.nq")
    shown = (
        "queries/what-named-sources-say",
        "releases/1/notices.ttl",
        ".well-known/void",
        "claims.csv",
        "search?q=ferry",
    )
    before = {path: client.get(f"/{path}") for path in (*kept, *shown)}
    assert {answer.status_code for answer in before.values()} == {200}
    redact(releases, REDACTION)
    for path, answer in before.items():
        date = answer.headers.get("Last-Modified", "")
        again = client.get(f"/{path}", headers={"If-Modified-Since": date} if path in kept else {})
        assert again.status_code == answer.status_code, path
        assert not [secret for secret in SECRETS if secret in again.text], path
        assert "immutable" not in answer.headers["Cache-Control"], path
    server.close()


def test_what_was_redacted_has_no_versions(releases: Path) -> None:
    with application(releases) as app:
        assert app.test_client().get("/timemap/claim/harbour/ferry-late").status_code == 200
    redact(releases, REDACTION)
    with application(releases) as app:
        client, when = app.test_client(), {"Accept-Datetime": "Fri, 20 Nov 2020 12:00:00 GMT"}
        assert client.get("/timemap/claim/harbour/ferry-late").status_code == 404
        assert client.get("/doc/claim/harbour/ferry-late", headers=when).status_code == 410


def test_without_a_person_the_notice_names_none(releases: Path) -> None:
    redact(releases, Redaction(CLAIM, "an order", "", "2026-11-29"))
    with application(releases) as app:
        problem = app.test_client().get("/doc/claim/harbour/ferry-late").get_json()
        assert problem["detail"].endswith("was withdrawn on 2026-11-29")


def test_to_publish_it_again_is_refused_and_the_notice_stays(releases: Path) -> None:
    redact(releases, REDACTION)
    with pytest.raises(ReleaseError, match=f"describe <{CLAIM}>, which was redacted on 2026-11-29: The court"):
        published(releases, corpus())
    without = [q for q in diff_quads(Releases(releases).open(2)) if "#redaction" not in str(q.subject)]
    fourth = published(releases, without, reported=False)
    assert {*REDACTION.lines()} <= {*diff.lines(fourth)}
    assert fourth.number == 4
    assert published(releases, without, reported=False).reused
    assert having(releases) == set()
    assert redact(releases, REDACTION).releases == []


def test_the_words_do_not_come_back_in_what_others_say(releases: Path) -> None:
    third = [*diff.lines(Releases(releases).current())]
    redact(releases, REDACTION)
    current = {*diff.lines(Releases(releases).current())} - {*REDACTION.lines()}
    blanked = [line for line in current if b"[redacted]" in line]
    keys = [line.split(b" ", 2)[:2] for line in blanked]
    others = [line for line in third if line.split(b" ", 2)[:2] in keys]
    assert len(others) == len(blanked) > 1
    for line in others:
        with pytest.raises(ReleaseError, match=r"the documents say again what is redacted.*\[redacted\]"):
            published(releases, [*nquads.from_lines(sorted({*current, line} - {*blanked}))], reported=False)
    assert having(releases) == set()
    without = published(releases, [*nquads.from_lines(sorted(current - {*blanked}))], reported=False)
    assert having(releases) == set()
    assert without.number == 4


@pytest.mark.slow
@pytest.mark.parametrize("way", ["first", "force", "damaged", "parts", "next parts"])
def test_no_publication_has_the_words_where_they_were(releases: Path, way: str) -> None:
    """The first one in a folder that has a record, one with force, a full build beside damage, and parts."""
    third = [*diff.lines(Releases(releases).current())]
    redact(releases, REDACTION)
    current = [*diff.lines(Releases(releases).current())]
    rest = [line for line in current if line not in REDACTION.lines()]
    [blanked, *_] = [line for line in rest if b"[redacted]" in line]
    [said] = [line for line in third if line.split(b" ", 2)[:2] == blanked.split(b" ", 2)[:2]]
    options = {"releases": releases, "base": BASE, "report_ttl": "", "report_json": "{}", "force": way == "force"}
    if way == "first":
        for path in releases.iterdir():
            if path.is_dir():
                subprocess.run(["rm", "-r", path], check=True)
    if way == "damaged":
        Releases(releases).current().segments()["claims.trig.gz"][-1].path.write_bytes(b"")
    kept = Part("kept", lambda: [line for line in rest if line != blanked])
    if way == "next parts":
        publish_parts([kept], lambda key: None, **options)  # type: ignore[arg-type]

    def again() -> Release:
        if "parts" in way:
            return publish_parts([kept, Part("new", lambda: [said])], lambda key: None, **options)  # type: ignore[arg-type]
        return publish(nquads.from_lines([*rest, said]), **options)  # type: ignore[arg-type]

    with pytest.raises(ReleaseError, match=r"the documents say again what is redacted.*\[redacted\]"):
        again()
    assert having(releases) == set()
    [redaction] = redaction_record.read(releases)
    others = [blank for blank in redaction.blanks if blank != position(said)]
    assert len(others) == len(redaction.blanks) - 1
    redaction_record.write(releases, [replace(redaction, blanks=others)])  # an operator's decision
    assert said in {*diff.lines(again())}


ORDINARY = {
    "org/inn": "The Inn of the Ferry, where the ferry was late",  # of four words, and not near to the claim
    "claim/harbour/inside": "On lathe ferry was later",  # no whole words, where lengths would fit
    "claim/harbour/loud": "THE FERRY WAS LATE",
}
SAID = {
    "claim/harbour/first": ("The ferry was late again.", "[redacted] again."),
    "claim/harbour/line": ("It said:\nthe ferry was late", "It said:\n[redacted]"),
    "org/mirror": (f"It said: {EARLIER[0].lower()}{EARLIER[1:]}", "It said: [redacted]"),  # of eleven words
}


def test_words_are_looked_for_where_nobody_says_them_by_chance(tmp_path: Path) -> None:
    """Everywhere if they are many, near to the claim if they are few, as whole words; and never in the ontology."""
    comments = [q.object.value for q in ontology_quads() if isinstance(q.object, ox.Literal)]
    ordinary = max((text for text in comments if "of the article" in text), key=len)
    content = [*corpus(), *map(labelled, [CLAIM] * 3, ["of the article", ordinary, EARLIER]), *ontology_quads()]
    of_both = {f"{BASE}id/{name}": text for name, text in ORDINARY.items()}
    of_both |= {f"{BASE}id/{name}": said for name, (said, _) in SAID.items()}
    article = ox.NamedNode(f"{BASE}id/article/harbour")
    content += [labelled(iri, text) for iri, text in of_both.items()]
    content += [ox.Quad(ox.NamedNode(iri), PROV.wasQuotedFrom, article) for iri in of_both if "/claim/" in iri]
    published(tmp_path, content, reported=False)
    [note] = redact(tmp_path, REDACTION).notes
    assert note.startswith(
        f"words of <{CLAIM}> that are too few to be looked for everywhere also stand in release 1: <"
    )
    assert note.count(" of <") == 2  # of the claim, and this
    assert f"label> of <{BASE}id/org/inn>; have them out" in note
    lines = {*diff.lines(Releases(tmp_path).current())}
    assert {*nquads.to_lines(ontology_quads())} <= lines
    [entry] = redaction_record.read(tmp_path)
    assert not [blank for blank in entry.blanks if "w3id.org/quoth/ns" in blank.split()[0]]
    expected = ORDINARY | {name: blanked for name, (_, blanked) in SAID.items()}
    assert {*nquads.to_lines(labelled(f"{BASE}id/{name}", text) for name, text in expected.items())} <= lines
    rest = [*nquads.from_lines(sorted(lines - {*REDACTION.lines()}))]
    assert published(tmp_path, rest, reported=False).reused


def test_a_record_that_blanks_the_ontology_refuses_nothing_of_it(tmp_path: Path) -> None:
    [line, *_] = (line for line in nquads.to_lines(ontology_quads()) if b"@en" in line)
    redaction_record.write(tmp_path, [replace(REDACTION, complete=True, blanks=[position(line)])])
    assert {line} < {*diff.lines(published(tmp_path, [*ontology_quads()], reported=False))}


def test_what_was_said_elsewhere_since_is_not_refused(releases: Path) -> None:
    """Where earlier releases have the words, the newest one says something else in one place, nothing in another."""
    content = [q for q in corpus() if "the ferry was late" not in str(q)]
    again, old = (f"{BASE}id/claim/harbour/{name}" for name in ("again", "old"))
    published(releases, [*content, labelled(again, "They repeat it.")])
    redact(releases, REDACTION)
    rest = [*content, labelled(again, "They repeat it.")]
    rest = [q for q in rest if CLAIM not in str(q)]
    published(releases, rest, reported=False)
    published(releases, [*rest, labelled(f"{BASE}id/claim/harbour/other", "Another")], reported=False)
    with pytest.raises(ReleaseError, match=r"say again what is redacted.*label"):
        published(releases, [*rest, labelled(old, "Something")], reported=False)


def test_it_is_refused_in_a_part_too(releases: Path) -> None:
    redact(releases, REDACTION)
    options = {"releases": releases, "base": BASE, "report_ttl": "", "report_json": "{}"}
    lines = [*diff.lines(Releases(releases).open(2))]
    rest = Part("rest", lambda: (line for line in lines if b"#redaction" not in line))
    fourth = publish_parts([rest], lambda key: None, **options)  # type: ignore[arg-type]
    assert {*REDACTION.lines()} <= {*diff.lines(fourth)}
    assert publish_parts([rest], lambda key: None, **options).reused  # type: ignore[arg-type]
    again = labelled(CLAIM, "again")
    with pytest.raises(ReleaseError, match="redacted on"):
        publish_parts([rest, Part("new", lambda: [f"{again} .\n".encode()])], lambda key: None, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("in_parts", [False, True])
def test_its_notice_stands_in_place_of_that_of_the_documents(tmp_path: Path, in_parts: bool) -> None:
    """With unchanged documents there is nothing to publish; the next release has no reason but that of the court."""
    folder, claim, notice = tmp_path / "releases", ox.NamedNode(CLAIM), ox.NamedNode(f"{CLAIM}#withdrawal")
    published(folder, corpus(), reported=False)
    others = (quad for quad in corpus() if "ferry-late" not in str(quad) and "ferry was late" not in str(quad))
    rest = sorted(nquads.to_lines(others))
    withdrawn = nquads.to_lines([
        ox.Quad(notice, RDF.type, QUOTH.Withdrawal),
        ox.Quad(notice, QUOTH.withdraws, claim),
        ox.Quad(notice, RDFS.comment, ox.Literal("It was another ferry", language="en")),
        ox.Quad(claim, DCTERMS.isReplacedBy, ox.NamedNode(f"{BASE}id/claim/harbour/dockers-late")),
    ])  # fmt: skip
    parts = {"rest": rest, "withdrawn": sorted(withdrawn)}

    def publication(*names: str, force: bool = False) -> Release:
        options = {"releases": folder, "base": BASE, "report_ttl": "", "report_json": "{}", "force": force}
        if not in_parts:
            return publish(nquads.from_lines(chain.from_iterable(map(parts.__getitem__, names))), **options)  # type: ignore[arg-type]
        of_names = [Part(name, functools.partial(parts.__getitem__, name)) for name in names]
        return publish_parts(of_names, parts.get, **options)  # type: ignore[arg-type]

    publication("rest", "withdrawn")
    redact(folder, REDACTION)
    assert publication("rest", "withdrawn").reused
    expected = sorted([*rest, *REDACTION.lines()])
    parts["other"] = [*nquads.to_lines([labelled(f"{BASE}id/org/x", "X")])]
    publication("rest", "withdrawn", force=True)
    assert [*diff.lines(Releases(folder).current())] == expected
    publication("rest", "withdrawn", "other")
    assert [*diff.lines(Releases(folder).current())] == sorted([*expected, *parts["other"]])
    assert publication("rest", "other").number == 4
    assert [*diff.lines(Releases(folder).current())] == sorted([*expected, *parts["other"]])
    changes = PastChanges(Releases(folder).current().file("history.sqlite")).changes(limit=2)
    assert [(change.iri, change.reason) for change in changes] == [(f"{BASE}id/org/x", ""), (CLAIM, REDACTION.reason)]


def test_all_places_are_refused_at_once(releases: Path) -> None:
    third = [*diff.lines(Releases(releases).current())]
    redact(releases, REDACTION)
    places = [place.split()[0] for place in redaction_record.read(releases)[0].blanks]
    parts = [Part(str(n), lambda line=line: [line]) for n, line in enumerate(third) if CLAIM not in str(line)]  # type: ignore[misc]
    with pytest.raises(ReleaseError) as caught:
        publish_parts(parts, lambda key: None, releases=releases, base=BASE, report_ttl="", report_json="{}")
    assert len(places) > 1
    assert not [place for place in places if f" of {place}" not in str(caught.value)]
    redaction_record.write(releases, [replace(REDACTION, complete=True, blanks=[position(line) for line in third])])
    with pytest.raises(ReleaseError, match=r"; \d+ more"):
        published(releases, [q for q in corpus() if CLAIM not in str(q)], reported=False)


def diff_quads(release: Release) -> list[ox.Quad]:
    return list(ox.parse(b"".join(diff.lines(release)), ox.RdfFormat.N_QUADS))


def test_a_publication_finishes_what_was_begun(releases: Path) -> None:
    redaction_record.write(releases, [REDACTION])
    published(releases, [labelled(f"{BASE}id/org/x", "X")], reported=False)
    assert having(releases) == set()
    assert [bool(release.manifest.redacted) for release in Releases(releases).all()] == [True] * 4


def test_what_no_release_has_is_not_redacted(releases: Path) -> None:
    with pytest.raises(NotFoundError, match="no release"):
        redact(releases, Redaction(f"{BASE}id/claim/harbour/none", "x", "", "2026-11-29"))
    assert not (releases / redaction_record.RECORD).exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["manifest.json", "history.sqlite", "claims.nq.gz", "report.json"])
def test_a_damaged_release_is_named_and_the_others_are_redacted(releases: Path, name: str) -> None:
    second = Releases(releases).open(2)
    file = second.segments()[name][0].path if name in second.segments() else second.path / name
    data = file.read_bytes()
    file.unlink()  # it may be a link
    file.write_bytes(data[:-9])
    for _ in range(2):
        with pytest.raises(ReleaseError, match="release 2 is damaged, and may have the words"):
            redact(releases, REDACTION)
    assert {name[0] for name in having(releases)} == {"2"}
    file.write_bytes(data)
    assert redact(releases, REDACTION).releases == [2]
    assert having(releases) == set()


def test_damage_in_what_is_made_anew_is_told_and_gone(releases: Path) -> None:
    """The quads and the history are compared before anything is made of them; the store is not made of a store."""
    first = Releases(releases).open(1)
    store = max(first.store_path.glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(store.read_bytes())
    data[len(data) // 2] ^= 1
    store.unlink()
    store.write_bytes(data)
    with pytest.raises(ReleaseError, match=store.name):
        first.verify()
    redacted = redact(releases, REDACTION)
    [told] = redacted.notes
    assert told.startswith(f"release 1 was damaged: {store} is not the file that was published; it is whole again")
    assert redacted.releases == [1, 2, 3]
    again = Releases(releases).open(1)
    again.verify()
    stored = {f"{quad} .\n".encode() for quad in ox.Store.read_only(str(again.store_path))}
    assert {*diff.lines(again)} < stored
    assert len(stored) == again.manifest.quads


def test_where_folders_cannot_be_exchanged_nothing_is_begun(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())  # the C library of another system
    with pytest.raises(ReleaseError, match=r"in one step.*file system on Linux that can") as caught:
        redact(releases, REDACTION)
    assert "free some space" not in str(caught.value)
    assert {*os.listdir(releases)} == {".lock", "current.json", "1", "2", "3", "current"}


@pytest.mark.slow
def test_killed_at_random_moments_each_release_is_old_or_redacted_and_the_next_run_finishes(
    releases: Path, tmp_path: Path
) -> None:
    chance, done = random.Random(13), 0
    order = {"iri": CLAIM, "reason": REDACTION.reason, "by": BY, "date": REDACTION.date}

    def copied(name: str) -> Path:
        subprocess.run(["cp", "-a", releases, tmp_path / name], check=True)  # with its hard links
        return tmp_path / name

    with Publisher() as publisher:
        whole = copied("whole")
        before = time.monotonic()
        assert publisher.publish(whole, 0, redaction=order) == 0, publisher.message
        longest_s = time.monotonic() - before
        turn = 0
        while turn < 5 or done < 5:  # until enough were killed, however fast they are
            turn += 1
            folder, end = copied(str(turn)), -1
            while end:
                child = publisher.start(folder, 0, redaction=order)
                time.sleep(chance.uniform(0, longest_s))
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                end = publisher.end()
                assert end in (0, -signal.SIGKILL), publisher.message
                done += bool(end)
                assert Releases(folder).numbers() == [1, 2, 3]
                words = having(folder)
                for release in Releases(folder).all():
                    release.verify()
                    has = any(name.startswith(f"{release.number}/") for name in words)
                    assert has == (release.manifest.redacted is None)
            assert words == set()
            assert {*os.listdir(folder)} == {".lock", "current.json", "1", "2", "3", "current", "redacted.json"}


@pytest.mark.slow
def test_the_command(releases: Path, tmp_path: Path) -> None:
    command: list[str | Path] = ["releases", "redact", "claim/harbour/ferry-late", "--releases", releases]
    because = ("--reason", REDACTION.reason)
    refused: list[tuple[str, ...]] = [
        (),
        ("--reason", " "),
        ("--reason", "x"),
        ("--reason", "An \u202eorder of the court"),
    ]
    for options in (*refused, (*because, "--by", ""), (*because, "--by", "the court")):
        told = quoth(*command, *options, cwd=tmp_path)
        assert (told.returncode, len(told.stderr.splitlines())) == (2, 1), options
    assert not (releases / "redacted.json").exists()
    result = quoth(*command, *because, "--by", BY, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"<{CLAIM}> is redacted; releases made anew: 1, 2, 3\n"
    assert "documents" in result.stderr
    assert having(releases) == set()
    again = quoth(*command, "--reason", "another reason", cwd=tmp_path)
    assert again.stdout == f"<{CLAIM}> is redacted; releases made anew: none\n"
    missing = quoth("releases", "redact", "claim/harbour/x", *because, "--releases", releases, cwd=tmp_path)
    assert (missing.returncode, len(missing.stderr.splitlines())) == (4, 1)
