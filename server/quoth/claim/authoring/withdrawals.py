"""Notices of withdrawals, written into the documents of a corpus: into that of the article, where there still is one,
else into a document of notices alone."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from quoth.claim.authoring.recheck import YAML
from quoth.claim.authoring.yaml_edits import Edits
from quoth.claim.reading import yaml_syntax
from quoth.claim.reading.document import base_of
from quoth.corpus.bases import home
from quoth.errors import DocumentError, UsageError
from quoth.resources import read_text

NOTICES = "withdrawn.yaml"
"""The document of the notices whose articles have none, in the first folder of a corpus."""
LEAST = 10
"""Characters that a reason has, as its shape demands."""
_HEAD = "# What was withdrawn, and has no document any more. Keep each notice: its address answers with it for good.\n"
_ID = re.compile(r"""id:\s+(["']?)(?P<iri>\S+?)\1\s*(?:#.*)?""")
_PLAIN = re.compile(r"[a-z0-9/-]+")
_HEAD_LINES = 1000
"""Lines of a document in which the id of its article is looked for."""


@dataclass(frozen=True)
class Notice:
    """The notice that a resource is withdrawn: the reason in words, who withdraws it, the day (ISO 8601), and what
    replaces it. All names are IRIs."""

    iri: str
    reason: str
    by: str
    date: str
    replacements: Sequence[str] = ()

    def entry(self, base: str) -> str:
        """The entry of a document."""
        iri, by, *others = (_scalar(name.removeprefix(base)) for name in (self.iri, self.by, *self.replacements))
        replaced = f", replacedBy: [{', '.join(others)}]" if others else ""
        reason = json.dumps(self.reason, ensure_ascii=False)
        return f"{{id: {iri}, reason: {reason}, by: {by}, date: {self.date}{replaced}}}"


@dataclass(frozen=True)
class Amendment:
    """A document with notices that it did not have: its text, and these."""

    text: str
    notices: Sequence[Notice]


def reason(words: str) -> str:
    """The words of a reason in one line. Raises UsageError for fewer than ``LEAST`` characters, and for characters that
    YAML does not have."""
    line = " ".join(words.split())
    if len(line) < LEAST or not line.isprintable():
        raise UsageError(
            f"the reason {line!r} has fewer than {LEAST} characters, or some that nobody can read",
            remedy="say in words why it is withdrawn",
        )
    return line


def articles(documents: Iterable[Path], base: str) -> dict[str, Path]:
    """The IRI of each article that a document in YAML names at its top → the first document that does."""
    named: dict[str, Path] = {}
    for path in (path for path in documents if path.suffix.lower() in YAML):
        with path.open(encoding="utf-8", errors="replace") as lines:
            match = next(filter(None, map(_ID.fullmatch, (line.rstrip() for line in islice(lines, _HEAD_LINES)))), None)
        if match:
            named.setdefault(_absolute(match["iri"], base_of(path, base)), path)
    return named


def article_of(iri: str, base: str) -> str:
    """The IRI of the article that a claim or a source is in, by its own; that of an article is its own. Empty for any
    other resource.

    >>> article_of("https://e.org/id/claim/harbour/late", "https://e.org/")
    'https://e.org/id/article/harbour'
    """
    own = home(iri, base)
    kind, _, slug = iri.removeprefix(f"{own}id/").partition("/")
    return f"{own}id/article/{slug.partition('/')[0]}" if kind in ("article", "claim", "source") else ""


def with_notices(
    notices: Iterable[Notice], named: Mapping[str, Path], folder: Path | None, base: str
) -> dict[Path, Amendment]:
    """The documents that then have these notices. The documents of articles are ``named``; a notice that belongs in
    none of them is for that in the ``folder``.

    Raises UsageError where one is needed and there is no folder, DocumentError where a document cannot be read.
    """
    of_file: dict[Path | None, list[Notice]] = defaultdict(list)
    for notice in notices:
        of_file[named.get(article_of(notice.iri, base))].append(notice)
    amended: dict[Path, Amendment] = {}
    for path, own in [*of_file.items()]:
        try:
            if path is not None:
                amended[path] = Amendment(_with_notices(path, own, base), own)
        except DocumentError:  # such as one in brackets
            of_file[None] += own
    if others := of_file[None]:
        if folder is None:
            raise UsageError(
                f"{len(others)} notices belong in no document that is there",
                remedy=f"name the folder of the documents, which gets a document {NOTICES}",
            )
        path = folder / NOTICES
        amended[path] = Amendment(_with_notices(path, others, base), others)
    return amended


def _with_notices(path: Path, notices: Iterable[Notice], base: str) -> str:
    entries = [notice.entry(base_of(path, base)) for notice in notices]
    if not path.exists():
        return _HEAD + "withdrawn:\n" + "".join(f"  - {entry}\n" for entry in entries)
    written = read_text(path, DocumentError)
    edits = Edits(written, path)
    edits.first_entries(yaml_syntax.parse(written, path), "withdrawn", entries)
    yaml_syntax.parse(edited := edits.applied(), path)
    return edited


def _absolute(iri: str, base: str) -> str:
    return iri if ":" in iri else base + iri


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and "/" in value else json.dumps(value, ensure_ascii=False)
