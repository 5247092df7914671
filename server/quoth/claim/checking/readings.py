"""Documents that have been read: their quads on disk, and in memory no more than what others depend on."""

import functools
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from quoth.claim.checking import check
from quoth.claim.checking.stored import Stored, digest, software
from quoth.claim.checking.survey import Survey
from quoth.claim.model.report import Finding
from quoth.claim.reading import document, own_words, sssom
from quoth.claim.reading.document import Document
from quoth.corpus import bases
from quoth.errors import QuothError
from quoth.resources import check_file


@dataclass(frozen=True)
class Reading:
    """One document: the ``key`` by which it is stored, and what was found; without a survey if it cannot be read."""

    path: str
    key: str
    findings: tuple[Finding, ...]
    survey: Survey | None


def read(path: Path, base: str, stored: Stored) -> Reading:
    """Read a document, unless that has been done. Raises UsageError for a path that does not exist."""
    key = _key(path, base)
    if (value := stored.get(key)) is not None:
        try:
            findings = tuple(Finding(**f) for f in value["findings"])
            survey = None if value["survey"] is None else Survey.from_json(value["survey"])
            return Reading(str(path), key, findings, survey)
        except (KeyError, TypeError, ValueError):
            pass  # damaged
    documents, findings_ = check.read_documents([path], base)
    survey = Survey.of(documents[0].statements, base) if documents else None
    told = [asdict(f) for f in findings_]
    stored.put(key, {"findings": told, "survey": survey and survey.as_json()})
    stored.put_text(quads_key(key), documents[0].text if documents else "")
    return Reading(str(path), key, tuple(findings_), survey)


def loaded(path: str, key: str, base: str, stored: Stored) -> Document:
    """The document of a reading that has that key, whose lines are looked for when somebody asks."""
    text = stored.text(quads_key(key))
    return placed(Path(path), base, document.read(Path(path), base).text if text is None else text)


def placed(path: Path, base: str, text: str) -> Document:
    """A document with these statements (N-Quads), whose lines are looked for when somebody asks."""
    anew = functools.cache(lambda: document.read(path, base))
    return Document(path, text, lambda: anew().lines, find_key=lambda line, iri: anew().find_key(line, iri))


def quads_key(key: str) -> str:
    """The key of the quads of a document that has that key."""
    return digest([key, "quads"])


def _key(path: Path, base: str) -> str:
    """The digest of all that the reading of a document depends on: the files, their names, the software."""
    names = [path, *own_words.files_for(path)]
    if sssom.is_table(path) or document.suffix(path) == sssom.SUFFIX or sssom.is_metadata(path):
        names += sorted(other for other in path.parent.iterdir() if other.name.startswith(path.name.split(".")[0]))
    return digest([software(), bases.every(base), [(str(name), _file_digest(name)) for name in names]])


def _file_digest(path: Path) -> str:
    """The SHA-256 of a file that can be read as a document; empty for any other."""
    try:
        check_file(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, QuothError):
        return ""
