"""LitBank's quotations: rows of sentence and token numbers, over a text with one sentence a line, tokens between spaces.

``QUOTE⇥Q1⇥12⇥0⇥12⇥8⇥“ … ”`` is a quotation by its first and last token, ``ATTRIB⇥Q1⇥Winnie_Verloc-3`` its speaker.
Offsets are computed, and the words there compared with those of the row.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from quoth.claim.importing.article import Agent, Article, Attribution, Located, Misfit
from quoth.claim.importing.mapping import Mapping
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import read_text

KEYS = {"files.annotations": str, "files.name": str}
_NUMBERED = re.compile(r"-(\d+)$")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The works of a folder, or of one file of annotations beside its text. See ``Reader.read``."""
    files = [path] if path.is_file() else sorted(path.glob(mapping.get("files.annotations", "**/*.ann")))
    if not files:
        raise UsageError("no file in it has the suffix .ann", where=str(path), remedy="name the folder above them")
    name_of = re.compile(mapping.get("files.name", "(?P<name>.*)"))
    for file in files:
        if not (text_file := file.with_suffix(".txt")).is_file():
            yield Misfit("without a text", str(file), f"there is no {text_file}", "put it beside the annotations")
            continue
        found = name_of.fullmatch(file.stem)
        names = {"name": file.stem, **(found.groupdict("") if found else {})}
        text = read_text(text_file)
        attributions, misfits = _attributions(file, text)
        yield from misfits
        yield Article(
            slug=slug_of(names["name"]),
            where=str(file),
            text=text,
            encoding=mapping.encoding(names),
            attributions=attributions,
            language=mapping.get("defaults.language", "en"),
            facts=(("label", names["name"].replace("_", " ")),),
            text_licence=mapping.get("defaults.text-licence"),
        )


def _attributions(file: Path, text: str) -> tuple[list[Attribution], list[Misfit]]:
    starts = _token_starts(text)
    quotations: dict[str, tuple[int, Located]] = {}
    speakers: dict[str, str] = {}
    misfits: list[Misfit] = []
    for number, line in enumerate(read_text(file).split("\n"), 1):
        match line.rstrip("\r").split("\t"):
            case ["QUOTE", id, first, token, *_, words]:
                try:
                    start = starts[int(first)][int(token)]
                except (ValueError, IndexError):
                    detail = f"{id} begins at a token that the text does not have: {first}, {token}"
                    misfits.append(Misfit("outside of the text", f"{file}:{number}", detail))
                    continue
                quotations[id] = (number, Located(_as_in(text, start, words), start))
            case ["ATTRIB", id, speaker]:
                speakers[id] = speaker
            case [""]:
                pass
            case _:
                misfits.append(Misfit("not of LitBank", f"{file}:{number}", f"the line is no quotation: {line[:60]!r}"))
    return [
        Attribution(
            id.lower(), f"{file}:{number}", (words,), _speaker(speakers.get(id, "")), speech_act="said", within=""
        )
        for id, (number, words) in quotations.items()
    ], misfits


def _token_starts(text: str) -> list[list[int]]:
    """The offsets of the tokens of each line."""
    starts, at = [], 0
    for line in text.split("\n"):
        starts.append([at + m.start() for m in re.finditer(r"[^ \r]+", line)])
        at += len(line) + 1
    return starts


def _as_in(text: str, start: int, words: str) -> str:
    """The quotation with the space of the text: a row has a space where the text has a line end."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.compile(pattern).match(text, start)
    return found[0] if found else words


def _speaker(id: str) -> Agent | None:
    """A character of the work: the same id is the same one."""
    if not id:
        return Agent("an unnamed speaker", type="AnonymousSource")
    label = _NUMBERED.sub("", id).replace("_", " ")
    return Agent(label, slug_of(id))
