"""Corpora of several articles, each a copy of the fictional one."""

import json
from pathlib import Path
from typing import Any

from .mutated import mutate, tree


def copied(harbour: Path, corpus: Path, slug: str = "harbour", mutation: dict[str, Any] | None = None) -> Path:
    """Write a copy of the fictional article, as that of ``slug`` and with a mutation, into a corpus in which entities
    and topics have a document of their own."""
    document = mutate(tree(harbour), mutation or {})
    entities = {"label": "", **{key: document.pop(key) for key in ("entities", "topics")}}
    del entities["label"]
    (corpus / "articles").mkdir(parents=True, exist_ok=True)
    written = json.dumps(document, default=str)
    for kind in ("article", "claim", "source"):
        written = written.replace(f"id/{kind}/harbour", f"id/{kind}/{slug}")
    path = corpus / "articles" / f"{slug}.yaml"
    path.write_text(written, "utf-8")
    if slug == "harbour":
        (corpus / "entities.yaml").write_text(json.dumps(entities, default=str), "utf-8")
    return path
