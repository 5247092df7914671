"""Corpora side by side in one release, with bases of their own and the same slugs in all."""

import hashlib
from pathlib import Path

from quoth.cli.new import LICENCE
from quoth.corpus import new

OWN = "https://velm.example/claims/"
SPORT = "https://sport.example/quoth/"
TOWN = f"{OWN}town/"
OFFICE = f"{SPORT}id/org/harbour-office"

ARTICLE = """\
"@context": https://w3id.org/quoth/context.jsonld
id: id/article/ferry
type: Article
label: The ferry of {name} (fiction)
language: en
text: {{sha256: "{sha256}", length: {length}}}
encoding:
  attributedTo: id/org/{name}-news
  created: 2026-11-29
  method: Read and encoded by hand.
  licence: https://creativecommons.org/licenses/by/4.0/
entities: [{entities}]
claims:
  - {{id: late, source: "{source}", speechAct: said, words: {{exact: late, start: 14, end: 18}}}}
  - {{id: on-time, source: "{source}", speechAct: denied, words: {{exact: was late, start: 10, end: 18}}}}
"""
QUESTION = """\
# title: Of the office?
# description: What the office says.
# parameter: office iri:source id/org/{name}-news Who says it.
SELECT ?claim WHERE {{
  VALUES ?office {{ <id/org/{name}-news> }}
  ?claim <https://w3id.org/quoth/ns#attribution>/<https://w3id.org/quoth/ns#source> ?office
}}
"""
NEIGHBOURS = """\
base = "https://velm.example/claims/"
title = "Side by side"
releases = "out"
corpora = ["../town", {folder = "../sport", path = "sport"}]
"""


def article(folder: Path, source: str, entities: str = "") -> None:
    """Write the article of a corpus: one by the slug ``ferry``, with the claims ``late`` and ``on-time``."""
    text = f"The ferry was late, says the harbour office to {folder.name}."
    (folder / "texts" / "ferry.txt").write_text(text, "utf-8")
    told = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text), "name": folder.name}
    document = ARTICLE.format(source=source, entities=entities, **told)
    (folder / "articles" / "ferry.yaml").write_text(document, "utf-8")


def neighbours(path: Path) -> Path:
    """Three corpora: ``sport`` has a base elsewhere, ``town`` one below that of ``both``, which serves them. In both of
    the first there is an article ferry; that of the town quotes the harbour office, which the sport describes."""
    office = "{id: id/org/harbour-office, type: Organization, label: the harbour office}"
    for name, base in (("sport", SPORT), ("town", TOWN)):
        new.create(path / name, name.title(), f"{name.title()} News", {"base": base, "licence": LICENCE})
        article(path / name, *(("id/org/harbour-office", office) if base == SPORT else (OFFICE, "")))
        (path / name / "queries" / f"of-{name}.rq").write_text(QUESTION.format(name=name), "utf-8")
    (path / "both").mkdir()
    (path / "both" / "quoth.toml").write_text(NEIGHBOURS, "utf-8")
    return path / "both"
