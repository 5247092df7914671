"""The manifest of a release: what it holds, what it was made by, and the sizes and digests of its files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import quoth
from quoth.corpus.bases import Bases
from quoth.errors import NewerReleaseError
from quoth.release.integrity import File

MANIFEST = "manifest.json"
FORMAT = 2
"""The format of the releases that are written: the next number where an older Quoth could not read them any more.

Quoth 0.1.0 wrote no number, and format 1, in which each of the tables (dumps/tables.py) was one file; format 2 has them
in segments.
"""

SOFTWARE = f"quoth {quoth.__version__}"
"""The software that writes releases now, as manifests name it."""

_LATER = ("format", "validator", "store", "claims_other_encodings", "uncompressed", "redacted", "bases")
"""Entries that the first manifests do not have."""
_DIGEST, _END = "manifest_sha256", '"\n}'


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The description of a release. ``created`` is in UTC (RFC 3339); ``content_sha256`` is the digest of the
    quads by which two releases are compared (build/content.py; in format 1 the SHA-256 of the sorted canonical
    N-Quads).

    ``quads`` counts all, ``asserted`` those of the default graph, ``graphs`` the named graphs. ``claims`` are those of
    the encoding of each article that is counted, ``claims_other_encodings`` the others. ``uncompressed`` has what is in
    the files of every quad, by the name without .gz. ``validator`` is the software that judged the shapes, and why it
    was the reference. ``store`` has the files of the engine's store. ``redacted`` has the notices
    (redaction/redaction_record.py) of claims whose words were taken out since. ``bases`` has the bases beside the own
    one, by their public paths. These six and ``format``, the number of the format, are None where the file does not
    have them. ``base`` is of the type Bases, and has the others too. The file ends with the SHA-256 of its text up to
    there.
    """

    format: int | None = None
    release: int
    created: str
    software: str
    validator: str | None = None
    base: str
    quads: int
    asserted: int
    graphs: int
    claims: int
    claims_other_encodings: int | None = None
    articles: int
    content_sha256: str
    files: Mapping[str, File]
    uncompressed: Mapping[str, File] | None = None
    store: Mapping[str, File] | None = None
    redacted: Sequence[Mapping[str, str]] | None = None
    bases: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        others = self.bases or getattr(self.base, "others", {})
        object.__setattr__(self, "base", Bases(self.base, others))
        object.__setattr__(self, "bases", dict(others) or None)

    def to_json(self) -> str:
        """The text of the manifest's file."""
        entries = {
            k: v for k, v in asdict(replace(self, base=str(self.base))).items() if k not in _LATER or v is not None
        }
        if self.format is None:
            return json.dumps(entries, indent=2) + "\n"
        text = json.dumps({**entries, _DIGEST: ""}, indent=2).removesuffix(_END)
        return text + hashlib.sha256(text.encode()).hexdigest() + _END + "\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> Self:
        """The manifest in a file, whose name is ``where``.

        Raises NewerReleaseError, and ValueError, TypeError, KeyError or AttributeError for what is no manifest.
        """
        data: dict[str, Any] = json.loads(text)
        format = data.get("format", 1)
        if type(format) is not int or format < 1:
            raise ValueError(f"{format!r} is not the number of a format")
        if format > FORMAT:
            raise NewerReleaseError(
                f"the release has format {format}, and quoth {quoth.__version__} reads formats up to {FORMAT}",
                where=where,
                remedy="install a newer Quoth, or publish the releases again, with the same IRIs, in an empty folder:"
                f" `quoth publish DOCUMENTS --base {data.get('base', 'BASE')} --releases FOLDER`",
            )
        digest = data.pop(_DIGEST, None)
        if digest is not None and hashlib.sha256(text.rpartition(digest)[0].encode()).hexdigest() != digest:
            raise ValueError("it is not the manifest that was published")
        files, uncompressed, store = (
            None if listed is None else {name: File(**file) for name, file in listed.items()}
            for listed in (data.pop("files"), data.pop("uncompressed", None), data.pop("store", None))
        )
        return cls(files=files or {}, uncompressed=uncompressed, store=store, **data)
