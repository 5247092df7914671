"""JSON that others have written (RFC 8259): files, and values of any kind in them, one of which is expected."""

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import Misfit
from quoth.errors import UsageError
from quoth.resources import check_file, read_text

_ADDRESS = re.compile(r'https?://[^\s<>"{}|\\^`]+')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def read(path: Path) -> Iterator[tuple[Path, Any] | Misfit]:
    """The files of a folder with the suffixes .json and .jsonld, or one file of any name, with their values.

    Raises UsageError for a folder that has none of them."""
    files = [path] if path.is_file() else sorted(f for s in ("*.json", "*.jsonld") for f in path.rglob(s))
    if not files:
        raise UsageError("no file in it has the suffix .json or .jsonld", where=str(path), remedy="name a file")
    for file in files:
        try:
            check_file(file)
            yield file, _loaded(read_text(file).removeprefix("\ufeff"))
        except UsageError as error:
            yield Misfit("not read", error.where or str(file), error.detail, "save it as UTF-8")
        except json.JSONDecodeError as error:
            where = f"{file}:{error.lineno}:{error.colno}"
            yield Misfit("not JSON", where, f"it is not JSON: {error.msg}", "save what the program exports, unchanged")
        except (ValueError, RecursionError) as error:
            yield Misfit("not JSON", str(file), f"it is not JSON that can be read: {error}", "is it the right file?")


def _loaded(text: str) -> Any:
    value = json.loads(text)
    if _HALF.search(text):  # half of a character, which no file can have, is replaced
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def listed(value: Any) -> Sequence[Any]:
    """The values of a list; one value alone is a list of it, and null an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects among the values of a list."""
    return [each for each in listed(value) if isinstance(each, dict)]


def text(value: Any) -> str:
    """The text of a value, in one line; that of the first of several, and of a value object (JSON-LD §9.5)."""
    for each in listed(value):
        if isinstance(each, str | int | float) and not isinstance(each, bool):
            return " ".join(str(each).split())
        if isinstance(each, dict) and not isinstance(each.get("@value"), dict | list | None):
            return text(each["@value"])
    return ""


def address(value: Any) -> str:
    """The address of a page (http, https), or nothing."""
    found = text(value)
    return found if _ADDRESS.fullmatch(found) else ""


def day(value: Any) -> str:
    """The day of a date or a time (ISO 8601), or nothing."""
    try:
        return datetime.date.fromisoformat(text(value)[:10]).isoformat()
    except ValueError:
        return ""
