"""A small text of our own with annotations in brat's standoff, and an import of it."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.importing import mapping as mappings
from quoth.claim.importing import readers
from quoth.claim.importing.article import Agent, Article, Attribution, Encoding, Misfit
from quoth.claim.importing.imports import Import, Outcome, Target
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.sources import Rule
from quoth.claim.model.report import Report

BASE = "http://localhost:8000/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TEXT = """\
The ferry was late, Mara Lind said.
“We waited,” the mayor told reporters, “for hours.”
Lind warned that the mayor believes the quay is unsafe.
He declined to comment.
"""
MAPPING = f"""\
format = "brat"
[encoding]
encoder = {{id = "id/person/coder", label = "Coder", type = "Person"}}
method = "By hand, for a test."
licence = "{LICENCE}"
status = "reviewed"
[defaults]
sources = "surname"
"""


def ann(*attributions: tuple[str, str, str], text: str = TEXT, first: int = 1) -> str:
    """Standoff for (source, cue, content): the words of each, in pieces between ``|``; empty for none. The ``first``
    attribution has that number."""
    lines, number = [], 20 * (first - 1)
    for each, parts in enumerate(attributions, first):
        arguments = []
        for role, words in zip(("Source", "Cue", "Content"), parts, strict=True):
            if words:
                number += 1
                offsets = ";".join(f"{text.index(w)} {text.index(w) + len(w)}" for w in words.split("|"))
                lines.append(f"T{number}\t{role} {offsets}\t{words.replace('|', ' ')}")
                arguments.append(f"{role}:T{number}")
        number += 1
        lines.append(f"T{number}\tAttribution 0 3\tThe")
        lines.append(f"E{each}\tAttribution:T{number} {' '.join(arguments)}")
    return "\n".join(lines) + "\n"


LATE = ("Mara Lind", "said", "The ferry was late")
WAITED = ("the mayor", "told reporters", "“We waited,”|“for hours.”")
WARNED = ("Lind", "warned", "the mayor believes the quay is unsafe")
BELIEVES = ("the mayor", "believes", "the quay is unsafe")
SILENT = ("He", "declined to comment", "")
ALL = (LATE, WAITED, WARNED, BELIEVES, SILENT)


def corpus(folder: Path) -> Path:
    """An empty corpus."""
    (folder / "quoth.toml").write_text(f'title = "Test"\nlicence = "{LICENCE}"\n', "utf-8")
    return folder


def brat(folder: Path, annotations: str | bytes, text: str = TEXT, name: str = "ferry") -> Path:
    """A folder with a text and its annotations."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name.partition('_')[0]}.txt").write_text(text, "utf-8", newline="")
    written = annotations.encode() if isinstance(annotations, str) else annotations
    (folder / f"{name}.ann").write_bytes(written)
    return folder


def mapping(written: str = MAPPING, format: str = "brat") -> Mapping:
    """The mapping of that text."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(written)
        file.flush()
        return mappings.read(file.name, readers.get(format).KEYS, format)


def imported(to: Path, path: Path, written: str = MAPPING, dry: bool = False, format: str = "brat") -> Outcome:
    """What an import of a file or folder into the corpus did."""
    known = mapping(written, format).completed({"encoding.licence": LICENCE})
    found = readers.get(format).read(path, known, to / "texts")
    return Import(Target(to, to / "articles", to / "texts"), known.rule, dry=dry).run(found)


def taken(to: Path, articles: Iterable[Article | Misfit], rule: Rule = "words") -> Outcome:
    """What an import of these articles did."""
    return Import(Target(to, to / "articles", to / "texts"), rule).run(articles)


def article(*attributions: Attribution, text: str = TEXT, **values: Any) -> Article:
    """An article with these attributions."""
    encoding = Encoding(Agent("Coder", "id/person/coder", "Person"), "By hand.", "", LICENCE, "reviewed")
    return replace(Article("ferry", "input:1", text, encoding, attributions), **values)


def report(of: Path) -> Report:
    """The check of a corpus with its texts."""
    return check([of], BASE, Texts(of / "texts"))[0]
