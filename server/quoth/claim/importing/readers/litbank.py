"""LitBank's quotations: rows of numbers of sentences and tokens, over a text with a sentence a line and spaced tokens.

``QUOTE⇥Q1⇥12⇥0⇥12⇥8⇥“ … ”`` is a quotation by its first and last token, ``ATTRIB⇥Q1⇥Winnie_Verloc-3`` its speaker.
Offsets are computed, and the words there compared with those of the row.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Located, Misfit, Span
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.sources import MAX_LABEL
from quoth.claim.model.excerpts import excerpt
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

KEYS = {"files.annotations": str, "files.name": str}
MAX_SLUG = 80
"""Characters of the name of a work or a speaker in ids."""
_NUMBERED = re.compile(r"-(\d{1,9})$")


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The works of a folder, or of one file of annotations beside its text. See ``Reader.read``."""
    files = [path] if path.is_file() else sorted(path.glob(mapping.get("files.annotations", "**/*.ann")))
    if not files:
        raise UsageError("no file in it has the suffix .ann", where=str(path), remedy="name the folder above them")
    try:
        name_of = re.compile(mapping.get("files.name", "(?P<name>.*)"))
    except re.error as error:
        raise mapping.error("files.name", f"it is no regular expression: {error}", "correct it") from None
    for file in files:
        if not (text_file := file.with_suffix(".txt")).is_file():
            yield Misfit("without a text", str(file), f"there is no {text_file}", "put it beside the annotations")
            continue
        found = name_of.fullmatch(file.stem)
        names = {"name": file.stem, **(found.groupdict("") if found else {})}
        try:
            for each in (text_file, file):
                check_file(each)
            text, written = read_text(text_file), read_text(file)
        except UsageError as error:
            yield Misfit("not read", error.where or str(file), error.detail, "save it as UTF-8")
            continue
        work = _Work(file, text)
        work.add(written)
        yield from work.misfits
        yield Article(
            slug=lasting_slug(names["name"] or file.stem, MAX_SLUG),
            where=str(file),
            text=text,
            encoding=mapping.encoding(names),
            attributions=list(work.attributions.values()),
            language=mapping.get("defaults.language", "en"),
            facts=(("label", names["name"].replace("_", " ")),),
            text_licence=mapping.get("defaults.text-licence"),
        )


class _Work:
    """The quotations of a work by their ids, and the rows that are none."""

    def __init__(self, file: Path, text: str) -> None:
        self._file, self._text, self._tokens = file, text, _tokens(text)
        self.attributions: dict[str, Attribution] = {}
        self.misfits: list[Misfit] = []

    def add(self, written: str) -> None:
        """Add the rows of a file."""
        for number, line in enumerate(written.removeprefix("\ufeff").split("\n"), 1):
            where = f"{self._file}:{number}"
            match line.rstrip("\r").split("\t"):
                case ["QUOTE", id, *place, words] if len(place) == 4:
                    self._quotation(where, id, place, words)
                case ["ATTRIB", id, speaker]:
                    self._speaker(where, id, speaker)
                case [""]:
                    pass
                case _:
                    detail = f"the row is no quotation and no speaker: {excerpt(line)}"
                    self.misfits.append(Misfit("not of LitBank", where, detail, "write QUOTE or ATTRIB, with tabs"))

    def _quotation(self, where: str, id: str, place: list[str], words: str) -> None:
        try:
            sentence, token, last_sentence, last_token = map(int, place)
            if min(sentence, token, last_sentence, last_token) < 0:
                raise IndexError
            start, end = self._tokens[sentence][token].start, self._tokens[last_sentence][last_token].end
        except (ValueError, IndexError):
            detail = f"{id} begins or ends at a token that the text does not have: {', '.join(place)}"
            self.misfits.append(Misfit("outside of the text", where, detail, "is it the text that was annotated?"))
            return
        there = self._text[start:end]
        # A row has a space where the text has a line end; all else has to be the same.
        exact = there if there.split() == words.split() else words
        attribution = Attribution(
            lasting_slug(id, MAX_SLUG),
            where,
            (Located(exact, start),),
            UNNAMED,
            speech_act="said",
            within="",
        )
        if id in self.attributions:
            detail = f"a second quotation has the id {id}"
            self.misfits.append(Misfit("id used twice", where, detail, "give each an id of its own"))
            return
        self.attributions[id] = attribution

    def _speaker(self, where: str, id: str, speaker: str) -> None:
        """The speaker of a quotation: a character of the work, the same one where the id is the same."""
        if id not in self.attributions:
            detail = f"{speaker} is the speaker of {id}, and there is no quotation of that id before it"
            self.misfits.append(Misfit("without a quotation", where, detail, "compare the ids"))
        elif label := _NUMBERED.sub("", speaker).replace("_", " ").strip():
            # A speaker without a name is described, at any length; the number tells all of them apart.
            number = _NUMBERED.search(speaker)
            name = lasting_slug(label, MAX_SLUG) + (number[0] if number else "")
            self.attributions[id] = replace(self.attributions[id], source=Agent(label[:MAX_LABEL], name))


def _tokens(text: str) -> list[list[Span]]:
    """The tokens of each line."""
    tokens, at = [], 0
    for line in text.split("\n"):
        tokens.append([Span(at + m.start(), at + m.end()) for m in re.finditer(r"[^ \r]+", line)])
        at += len(line) + 1
    return tokens
