"""The entities that a corpus describes already, by their names, so that a draft names them instead of new ones."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from quoth.claim.reading import document, yaml_syntax
from quoth.errors import QuothError
from quoth.resources import read_text

_OF_ARTICLE = re.compile(r"^id: id/article/", re.MULTILINE)
_NAMES = ("label", "altLabel")


def known_entities(paths: Iterable[Path]) -> Mapping[str, str]:
    """The ids of the entities in the YAML documents that belong to no article, such as ``entities.yaml``, by each name
    in small letters. A name that two of them have is left out; so is a document that ``quoth check`` cannot read."""
    ids: dict[str, set[str]] = {}
    for path in document.files(paths):
        if path.suffix in (".yaml", ".yml"):
            with contextlib.suppress(QuothError):
                text = read_text(path)
                if not _OF_ARTICLE.search(text):
                    for entity in yaml_syntax.parse(text, path).get("entities") or ():
                        for name in _names(entity):
                            ids.setdefault(name, set()).add(str(entity["id"]))
    return {name: next(iter(several)) for name, several in ids.items() if len(several) == 1}


def _names(entity: Any) -> Iterable[str]:
    if not isinstance(entity, dict) or not isinstance(entity.get("id"), str):
        return
    for key in _NAMES:
        value = entity.get(key)
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str):
                yield name.lower()
