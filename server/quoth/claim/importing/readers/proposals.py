"""Proposals of a program, such as a language model: JSON Lines (https://jsonlines.org), one claim on a line.

``{"text": "ferry", "source": "the harbour office", "cue": "said", "quotation": "The ferry was late", "by": "model-3"}``

What is not verbatim in the text is refused with the nearest words. Nothing here is trusted: the claims are always
marked as proposed, with who or what proposed them.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import Agent, Article, Encoding, Misfit, Quote
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers import grouped
from quoth.claim.importing.readers.grouped import Record
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.claim.importing.sources import plain
from quoth.claim.model.ontology import concepts
from quoth.corpus.new import lasting_slug
from quoth.resources import check_file, read_text

KEYS: dict[str, type] = {}
COLUMNS = ("text", "source", "cue", "mention", "quotation", "prefix", "suffix", "act", "id", "by")
"""The keys of a proposal."""
_NEEDED = ("text", "quotation", "by")
MAX_NAME = 60
"""Letters of the name of an encoding, made of the words for who proposed it."""
MAX_LINE = 100_000
"""Characters of a line."""


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a file of proposals, for each who proposed them. See ``Reader.read``."""

    def encoding_of(proposer: str) -> Encoding:
        name = lasting_slug(proposer, MAX_NAME)
        agent = Agent(proposer, mapping.get("encoding.encoder.id") or f"id/org/{name}", "Agent")
        method = f"Proposed by {plain(proposer)}; nobody has read it yet."
        return Encoding(agent, method, "", mapping.get("encoding.licence"), "proposed", name)

    yield from grouped.articles(_records(path), NamedTexts(texts), encoding_of, mapping.get("defaults.language", "en"))


def _records(path: Path) -> Iterator[Record | Misfit]:
    acts = concepts("speechAct")
    check_file(path)
    for number, line in enumerate(read_text(path).removeprefix("\ufeff").split("\n"), 1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            yield Misfit("too long", where, f"the line has more than {MAX_LINE} characters", "one claim on a line")
            continue
        try:
            values: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Misfit(
                "not JSON", where, f"the line is not JSON: {str(error)[:200]}", "write one object on each line"
            )
            continue
        if problem := _problem(values):
            yield Misfit("not a proposal", where, *problem)
            continue
        act = values.get("act", "")
        if act and act not in acts:
            yield Misfit("unknown act", where, f"{act!r} is no speech act", "leave act out, or take one of ours")
            continue
        quote = Quote(values["quotation"], values.get("prefix", ""), values.get("suffix", ""))
        source, cue, mention, id = (values.get(key, "") for key in ("source", "cue", "mention", "id"))
        yield Record(where, values["text"], quote, source, cue, mention, act, id, by=values["by"])


def _problem(values: Any) -> tuple[str, str] | None:
    if not isinstance(values, dict):
        return "the line is no object", 'write it like {"text": …, "quotation": …, "by": …}'
    if wrong := [k for k in values if k not in COLUMNS]:
        return f"there is no key {wrong[0]!r}", f"use {', '.join(COLUMNS)}"
    if wrong := [k for k, v in values.items() if not isinstance(v, str)]:
        return f"{wrong[0]} is no text", "give texts only"
    if lacking := [k for k in _NEEDED if not values.get(k, "").strip()]:
        return f"it has no {lacking[0]}", "a proposal needs its text, its quotation, and who or what proposed it (by)"
    return None
