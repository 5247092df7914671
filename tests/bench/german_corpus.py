"""Sentences of ParlaMint-AT whose attributions were annotated by hand, before anything was proposed for them.

``german_attributions.jsonl`` has a line for each of them: its part and kind, the xml:id of its segment, and the places
of the sentence and of each attribution’s cue, source and content in the segment’s text (code points, without the notes
in it). The corpus is found as ``parlamint-at.tar.xz`` or unpacked in ``parlamint-at``, in the folder that QUOTH_CORPORA
names. None of its words are in the repository.
"""

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.bench.attribution_corpus import Annotated, corpus_files

PARTS = ("de-dev", "de-test")
_TEI = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LINES = Path(__file__).with_name("german_attributions.jsonl")


def sentences(part: str, corpora: Path | None = None, lines: Path = _LINES) -> list[Annotated]:
    """The segments with the annotated sentences of a part. Raises SystemExit where there is no corpus."""
    folder = corpora or Path(os.environ.get("QUOTH_CORPORA") or "no-corpora")
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in map(json.loads, lines.read_text("utf-8").splitlines()):
        if f"de-{line['part']}" == part:
            wanted[line["segment"]].append(line)
    sittings = {segment.rpartition("_")[0] for segment in wanted}
    texts: dict[str, str] = {}
    for path, data in corpus_files(folder, "parlamint-at", "data/editions/"):
        if path.stem in sittings:
            for segment in ElementTree.fromstring(data).iter(f"{_TEI}seg"):
                texts[segment.get(_ID, "")] = (segment.text or "") + "".join(note.tail or "" for note in segment)
    if not texts:
        raise SystemExit(f"no ParlaMint-AT in {folder}: set QUOTH_CORPORA to the folder with parlamint-at.tar.xz")
    return [
        Annotated(
            segment,
            texts[segment],
            [
                {role.capitalize(): [(a, b) for a, b in spans] for role, spans in each.items()}
                for each in line["attributions"]
            ],
            "de",
            (line["sentence"][0], line["sentence"][1]),
        )
        for segment, marked in wanted.items()
        for line in marked
    ]
