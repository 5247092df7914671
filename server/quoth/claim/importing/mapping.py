"""Mapping files (TOML 1.0): what the names in an input stand for, and what the input does not say of itself.

The tables ``encoding`` and ``defaults`` are the same for every format; the others belong to the reader of one.
"""

import difflib
import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Formatter
from typing import Any

from quoth.claim.importing.article import Agent, Encoding
from quoth.claim.importing.sources import MAX_LABEL, RULES, Rule
from quoth.corpus.new import lasting_slug
from quoth.corpus.quoth_toml import line_of
from quoth.errors import UsageError
from quoth.resources import read_text

MAX_NAME = 80
"""Letters of the name of an encoding."""

SHIPPED = Path(__file__).with_name("mappings")

COMMON: Map[str, type] = {
    "format": str,
    **dict.fromkeys(("defaults.language", "defaults.text-licence", "defaults.sources", "defaults.speech-act"), str),
    **dict.fromkeys(("encoding.method", "encoding.created", "encoding.licence", "encoding.status"), str),
    **dict.fromkeys(("encoding.encoder.id", "encoding.encoder.label", "encoding.encoder.type"), str),
}
"""The keys that every mapping may have, with the types of their values; ``*`` stands for any key."""


@dataclass(frozen=True)
class Mapping:
    """The values of a mapping file by dotted key (``encoding.method``), and where they stand."""

    file: str = ""
    text: str = ""
    values: Map[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any = "") -> Any:
        """The value of a key, checked when the file was read."""
        return self.values.get(key, default)

    def table(self, name: str) -> dict[str, Any]:
        """The keys below a name, without it, with their values."""
        return {key.removeprefix(name + "."): v for key, v in self.values.items() if key.startswith(name + ".")}

    def completed(self, others: Map[str, Any]) -> "Mapping":
        """The mapping with the values of ``others`` that it does not have itself."""
        return replace(self, values={**{k: v for k, v in others.items() if v}, **self.values})

    def where(self, key: str) -> str:
        """The file and the line of a key."""
        return f"{self.file}:{line_of(self.text, key.rpartition('.')[2])}"

    def error(self, key: str, detail: str, remedy: str) -> UsageError:
        """The error about a key's value."""
        return UsageError(detail, where=self.where(key) if key in self.values else self.file or None, remedy=remedy)

    @property
    def rule(self) -> Rule:
        """The rule by which the sources of an article are told apart."""
        rule = self.get("defaults.sources", "words")
        if rule not in RULES:
            raise self.error("defaults.sources", f"{rule!r} is no rule for sources", f"write one of {', '.join(RULES)}")
        return rule  # type: ignore[no-any-return]

    def filled(self, key: str, names: Map[str, str], default: str = "") -> str:
        """The text of a key, with ``{names}`` of the input filled in. Raises UsageError for an unknown name."""
        text: str = self.get(key, default)
        known = ", ".join(f"{{{name}}}" for name in names) or "none"
        try:
            for _, name, form, conversion in Formatter().parse(text):
                if name is not None and (name not in names or form or conversion):
                    raise self.error(key, f"there is no name {{{name}}} to fill in", f"known: {known}")
        except ValueError as error:
            raise self.error(key, f"{text!r}: {error}", f"names are in braces: {known}") from None
        return text.format_map(names)

    def encoding(self, names: Map[str, str], name: str = "") -> Encoding:
        """The encoding of that ``name``, who made it and how, with ``{names}`` of the input filled in.

        Raises UsageError where the mapping does not say who, or how."""

        def filled(key: str, default: str = "") -> str:
            return self.filled(f"encoding.{key}", names, default)

        agent = Agent(filled("encoder.label"), filled("encoder.id"), filled("encoder.type", "Organization"))
        for key, value in (("encoder.id", agent.id), ("method", filled("method")), ("licence", filled("licence"))):
            if not value:
                remedy = "say who found the attributions (encoder), how (method), and under which licence"
                raise self.error(f"encoding.{key}", f"the mapping does not say encoding.{key}", remedy)
        status = filled("status", "proposed")
        if status not in ("proposed", "reviewed", ""):
            raise self.error("encoding.status", f"{status!r} is no status", 'write "proposed" or "reviewed"')
        return Encoding(agent, filled("method"), filled("created"), filled("licence"), status, name)

    def of_creator(self, creator: str, names: Map[str, str], id: str = "") -> Encoding:
        """The encoding of somebody whom the input names: a person, unless the mapping says who encodes, or ``id`` is
        that of a body; the mapping alone says it where ``creator`` is empty. Raises UsageError as ``encoding`` does."""
        name = lasting_slug(creator, MAX_NAME) if creator else ""
        if "encoding.encoder.id" in self.values or not name:
            return self.encoding(names, name)
        id = id or f"id/person/{name}"
        kind = "Organization" if id.startswith("id/org/") else "Person"
        encoding = self.completed({"encoding.encoder.id": id}).encoding(names, name)
        return replace(encoding, encoder=Agent(creator[:MAX_LABEL], id, kind))


def read(name: str, keys: Map[str, type], format: str) -> Mapping:
    """The mapping file of that path, or the shipped one of that name (``polnear``), for a format with those ``keys``.

    Raises UsageError (file:line) for one that is no TOML, is for another format, or has a key or a value that
    cannot be.
    """
    path = SHIPPED / f"{name}.toml" if (SHIPPED / f"{name}.toml").is_file() and "/" not in name else Path(name)
    text = read_text(path)
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"it is not TOML: {error}", where=str(path)) from None
    mapping = Mapping(str(path), text, dict(_flat(tree)))
    known = {**COMMON, **keys}
    for key, value in mapping.values.items():
        kind = _kind(key, known)
        if kind is None:
            [meant] = difflib.get_close_matches(key, known, 1) or [""]
            raise mapping.error(
                key, f"there is no key {key}", f"did you mean {meant}?" if meant else f"use {', '.join(known)}"
            )
        if not isinstance(value, kind) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
            wanted = {str: "a text", list: "a list of texts", bool: "true or false", int: "a number"}[kind]
            raise mapping.error(key, f"{key} is {value!r}, and not {wanted}", "correct it")
    if mapping.get("format", format) != format:
        other = mapping.get("format")
        raise mapping.error("format", f"it is a mapping for {other}", f"use quoth import {other}")
    return mapping


def _kind(key: str, known: Map[str, type]) -> type | None:
    """The type of a key's value; a known key may end with ``*``, for any name, such as an address."""
    return known.get(key) or known.get(f"{key.partition('.')[0]}.*")


def _flat(tree: Map[str, Any], prefix: str = "") -> Any:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
