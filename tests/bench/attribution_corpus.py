"""PolNeAR, a corpus of news articles with annotated attributions: its texts and annotations, in brat's standoff format.

It is found in the folder that QUOTH_CORPORA names, as ``polnear.tar.xz`` or unpacked in ``polnear``. None of it is in
the repository.
"""

import os
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

Spans = list[tuple[int, int]]
"""Parts of a text, in code points; the end is exclusive."""


@dataclass(frozen=True)
class Annotated:
    """An article: its name, its text, and the attributions that its first annotator marked."""

    name: str
    text: str
    attributions: list[Mapping[str, Spans]]
    """Each with its spans by ``Cue``, ``Source`` and ``Content``."""
    language: str = "en"
    part: tuple[int, int] | None = None
    """What of the text was annotated, where it was not the whole."""


def articles(part: str, corpora: Path | None = None) -> list[Annotated]:
    """The articles of a part, ``train`` or ``dev``, by their names. Raises SystemExit where there is no corpus."""
    folder = corpora or Path(os.environ.get("QUOTH_CORPORA") or "no-corpora")
    texts: dict[str, str] = {}
    annotations: dict[str, dict[str, str]] = defaultdict(dict)
    for path, data in corpus_files(folder, "polnear", f"data/{part}/"):
        if path.suffix == ".txt":
            texts[path.stem] = data.decode("utf-8")
        elif path.suffix == ".ann":
            annotations[path.stem[:-5]][path.stem] = data.decode("utf-8")
    if not texts:
        raise SystemExit(f"no PolNeAR in {folder}: set QUOTH_CORPORA to the folder with polnear.tar.xz")
    return [
        Annotated(name, text, _attributions(annotations[name][min(annotations[name])]))
        for name, text in sorted(texts.items())
        if annotations[name]
    ]


def corpus_files(folder: Path, corpus: str, inside: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files below ``inside`` in a corpus, whether it is unpacked or not: their names and bytes."""
    archive = folder / f"{corpus}.tar.xz"
    for unpacked in (folder / corpus, folder):
        if (unpacked / inside).is_dir():
            files = (path for path in (unpacked / inside).rglob("*") if path.is_file())
            yield from ((PurePosixPath(path.name), path.read_bytes()) for path in files)
            return
    if archive.is_file():
        with tarfile.open(archive) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() and inside in member.name else None
                if content:
                    yield PurePosixPath(PurePosixPath(member.name).name), content.read()


def _attributions(written: str) -> list[Mapping[str, Spans]]:
    """The attributions of a file of brat: T lines are spans, E lines tie them together."""
    spans: dict[str, Spans] = {}
    events: list[Mapping[str, Spans]] = []
    lines = [line.split("\t") for line in written.splitlines() if re.match(r"[TE]\d", line)]
    for fields in lines:
        if fields[0].startswith("T"):
            places = fields[1].split(" ", 1)[1]
            spans[fields[0]] = [(int(a), int(b)) for a, b in (part.split() for part in places.split(";"))]
    for fields in lines:
        if fields[0].startswith("E"):
            event: dict[str, Spans] = defaultdict(list)
            for role, _, name in (part.partition(":") for part in fields[1].split()):
                event[role.rstrip("0123456789")] += spans.get(name, [])
            events.append({role: sorted(parts) for role, parts in event.items()})
    return events
