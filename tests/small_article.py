"""A small invented article, which says where, when and by whom it was published; coded in words, in one document or in
two."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.report import Report
from quoth.claim.rules import publication
from quoth.release.publish import publish

from .conftest import BASE, application

TEXT = """The mill bridge was shut on Monday. The council said that a beam had cracked.
Ada Roke warned that the repair would take a month.
"""
RECORD = f"""
text:
  sha256: "{sha256(TEXT.encode()).hexdigest()}"
  length: {len(TEXT)}
"""
METADATA = """
url: https://evening.example.org/2026/bridge?id=7
headline: Mill bridge shut
publisher: id/org/evening-star
author: id/person/ada-quill
datePublished: 2026-11-20
archivedAt: https://archive.example.org/bridge
section: Local news
"""
ENTITIES = """
entities:
  - {id: id/org/quoth, type: Organization, label: Quoth}
  - {id: id/org/evening-star, type: Organization, label: The Evening Star}
  - {id: id/person/ada-quill, type: Person, label: Ada Quill}
  - {id: id/person/ada-roke, type: Person, label: Ada Roke}
  - {id: id/org/council, type: Organization, label: the council}
"""


def claim(slug: str, source: str, act: str, words: str) -> str:
    """A claim in words, which the article reports."""
    start = TEXT.index(words)
    anchor = f"{{exact: {words}, start: {start}, end: {start + len(words)}}}"
    level = f"source: {source}, speechAct: {act}, within: {{source: id/article/bridge, speechAct: reported}}"
    return f"  - {{id: {slug}, {level}, words: {anchor}}}\n"


BEAM = claim("beam-cracked", "id/org/council", "said", "a beam had cracked")
MONTH = claim("a-month", "id/person/ada-roke", "warned", "the repair would take a month")


def document(claims: str, *, encoding: str = "", metadata: str = METADATA, entities: str = ENTITIES) -> str:
    """The YAML document of the article with those claims; ``encoding``: more keys of the encoding, as ``status: …``."""
    return f"""
id: id/article/bridge
type: NewsArticle
label: Mill bridge shut
language: en
{metadata}{RECORD}
encoding:
  attributedTo: id/org/quoth
  created: 2026-11-23
  method: By hand.
  licence: https://creativecommons.org/licenses/by/4.0/
  {encoding}
{entities}
claims:
{claims}"""


def write(folder: Path, *documents: str) -> None:
    """Write the documents and the text into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bridge.txt").write_text(TEXT, "utf-8")
    for number, text in enumerate(documents):
        (folder / f"document-{number}.yaml").write_text(text, "utf-8")


def checked(folder: Path, *documents: str) -> tuple[Report, list[ox.Quad]]:
    """The report of the check of those documents, which are written into the folder, and their quads."""
    write(folder, *documents)
    report, quads = check.check([folder], BASE, Texts(folder))
    return report, list(quads)


@contextmanager
def site(folder: Path, quads: Iterable[ox.Quad]) -> Iterator[FlaskClient]:
    """A client of a release of those authored quads."""
    publish(publication.published_quads(quads, BASE), releases=folder, base=BASE, report_ttl="# \n", report_json="{}")
    with application(folder) as app:
        yield app.test_client()
