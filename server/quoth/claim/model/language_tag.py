"""Language tags (BCP 47, RFC 5646): well-formed ones whose subtags are in IANA's registry."""

import functools
import re
from typing import Any

_FORM = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)
_PRIVATE = re.compile(r"x-.+|q[a-t][a-z](-.+)?", re.IGNORECASE)
"""Tags that no registry knows: those for private use (§2.1), and the languages qaa to qtz (§2.2.1)."""
COMMON = frozenset(
    ("ar", "de", "en", "en-GB", "en-US", "es", "fa", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "uk")
)
"""Tags for which nobody has to look into the registry: to read it takes longer than most documents."""
_ADVICE = frozenset({1, 8, 9, 11})
"""The library's codes of what is deprecated or needless: such tags say which language it is."""
_LONGEST_NAME = 60
"""Characters of what may be the name of a language."""


def is_valid(tag: str) -> bool:
    """Whether a tag is well-formed and names a language."""
    if tag in COMMON:
        return True
    if not _FORM.fullmatch(tag):
        return False
    return bool(_PRIVATE.fullmatch(tag)) or all(error.code in _ADVICE for error in _registry().tag(tag).errors)


def _registry() -> Any:
    from language_tags import tags

    return tags


@functools.lru_cache(maxsize=4096)
def remedy(tag: str) -> str | None:
    """The advice for a tag that names no language: the tag that is meant, if that can be told; None for a good tag."""
    if is_valid(tag):
        return None
    locale = tag.strip().partition(".")[0].replace("_", "-")
    if is_valid(locale):
        return f"write {_registry().tag(locale).format}"
    named = _registry().search(tag.strip()) if 2 < len(tag) <= _LONGEST_NAME else []
    exact = (s for s in named if s.type == "language" and tag.strip().casefold() in map(str.casefold, s.description))
    return next((f"write {s.format}" for s in exact), "write a tag such as en, de or pt-BR")
