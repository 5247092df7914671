"""Edits of single values in a YAML document, which leave every other character of it as it is."""

import re
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from quoth.errors import DocumentError

_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NUMBER = re.compile(r"[\"']?(\d+)\b")
_DIGEST = re.compile(r"[\"']?([0-9a-fA-F]{64})\b")


class Edits:
    """Edits of the document ``written``, whose nodes know the lines and columns that they stand at."""

    def __init__(self, written: str, path: Path) -> None:
        self.written, self.path = written, path
        self._lines = [0, *(m.end() for m in _LINE_ENDS.finditer(written))]
        self._edits: dict[tuple[int, int], str] = {}

    def number(self, mapping: CommentedMap, key: str, value: int) -> None:
        """Put a number in place of another. Raises DocumentError where the key has none."""
        self._replace(mapping, key, _NUMBER, str(value))

    def digest(self, mapping: CommentedMap, key: str, value: str) -> None:
        """Put a SHA-256 in place of another. Raises DocumentError where the key has none."""
        self._replace(mapping, key, _DIGEST, value)

    def first_entry(self, mapping: CommentedMap, key: str, entry: str, after: str) -> None:
        """Put an entry before those of the list ``key``, which is made after the number ``after`` if there is none.

        Raises DocumentError where the value of the key is no list.
        """
        if key not in mapping:
            self._new_list(mapping, key, entry, after)
        else:
            self._before_first(mapping, key, [entry])

    def first_entries(self, mapping: CommentedMap, key: str, entries: Sequence[str]) -> None:
        """Put entries before those of the list ``key`` of the whole document, at whose end it is made if there is none.

        Raises DocumentError where the value of the key is no list, and for a document in brackets without the key.
        """
        if key in mapping:
            self._before_first(mapping, key, entries)
        elif mapping.fa.flow_style() or mapping.lc.col:
            raise self._error(mapping, f"{key} cannot be added", f"add it by hand: {key}: [{', '.join(entries)}]")
        else:
            end, text = self._line_end, self.written
            lines = "".join(f"  - {entry}{end}" for entry in entries)
            between = end if not text or text.endswith(("\n", "\r")) else end * 2
            self._edits[len(text), len(text)] = f"{between}{key}:{end}{lines}"

    def _before_first(self, mapping: CommentedMap, key: str, entries: Sequence[str]) -> None:
        listed, at = mapping[key], self._at(mapping, key)
        if not isinstance(listed, CommentedSeq):
            raise self._error(mapping, f"{key} is not a list", f"write it as {key}: [{{…}}]")
        if self.written[at] == "[":
            self._edits[at + 1, at + 1] = ", ".join(entries) + (", " if listed else "")
        else:
            line, column = listed.lc.line, listed.lc.col
            start = self._lines[line] + column
            self._edits[start, start] = "".join(f"- {entry}{self._line_end}{' ' * column}" for entry in entries)

    def applied(self) -> str:
        """The document with all edits."""
        text = self.written
        for (start, end), value in sorted(self._edits.items(), reverse=True):
            text = text[:start] + value + text[end:]
        return text

    @property
    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self.written else "\n"

    def _new_list(self, mapping: CommentedMap, key: str, entry: str, after: str) -> None:
        number = _NUMBER.match(self.written, self._at(mapping, after))
        assert number is not None, "it was replaced before"
        if mapping.fa.flow_style():
            self._edits[number.end(), number.end()] = f", {key}: [{entry}]"
            return
        line, column = mapping.lc.key(after)
        indented = f"{' ' * column}{key}: [{entry}]"
        if line + 1 < len(self._lines):
            start = self._lines[line + 1]
            self._edits[start, start] = indented + self._line_end
        else:
            self._edits[len(self.written), len(self.written)] = self._line_end + indented

    def _replace(self, mapping: CommentedMap, key: str, form: re.Pattern[str], value: str) -> None:
        found = form.match(self.written, self._at(mapping, key))
        if not found or found[1].lower() != str(mapping[key]).lower():
            raise self._error(mapping, f"{key} cannot be edited in its place", "write it out beside its key")
        self._edits[found.span(1)] = value

    def _at(self, mapping: CommentedMap, key: str) -> int:
        """The offset of a value in the document."""
        if key not in (mapping.lc.data or {}):
            raise self._error(mapping, f"{key} comes from elsewhere (an alias)", "write it out beside its key")
        line, column = mapping.lc.value(key)
        return int(self._lines[line] + column)

    def _error(self, mapping: CommentedMap, detail: str, remedy: str) -> DocumentError:
        return DocumentError(detail, where=f"{self.path}:{mapping.lc.line + 1}", remedy=remedy)
