"""Queries kept as data: files ``<name>.rq`` that begin with what they answer.

# title: Who says so?
# description: Every source of a claim,
#   from the innermost level outwards.
SELECT …
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quoth.errors import DocumentError, NotFound

OWN = Path(__file__).with_name("queries")
_FIELD = re.compile(r"# ?(title|description):\s*(.*)")
_MORE = re.compile(r"#\s{2,}(.*)")


@dataclass(frozen=True)
class NamedQuery:
    """A query with the name of its file, without the suffix; ``text`` is the whole file."""

    name: str
    title: str
    description: str
    text: str


def load(folder: Path) -> list[NamedQuery]:
    """The queries in a folder, by name. Raises DocumentError that names the file which cannot be read."""
    return [read(path) for path in sorted(folder.glob("*.rq"))]


def read(path: Path) -> NamedQuery:
    """One query. Raises NotFound, and DocumentError where the header lacks its title or description."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotFound(f"there is no query {path.stem}") from None
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8: {error.reason}", where=str(path)) from None
    fields = dict(_header(text))
    for name in ("title", "description"):
        if not fields.get(name):
            raise DocumentError(
                f"the query has no {name}", where=f"{path}:1", remedy=f"begin the file with `# {name}: …`"
            )
    return NamedQuery(path.stem, fields["title"], fields["description"], text)


@functools.cache
def text(name: str) -> str:
    """The text of one of the software's own queries. Raises NotFound."""
    return read(OWN / f"{name}.rq").text


def _header(text: str) -> Iterator[tuple[str, str]]:
    """The fields of the comment that a file begins with; a line that is indented continues the one before."""
    name, value = "", ""
    for line in text.splitlines():
        if field := _FIELD.fullmatch(line):
            yield name, value
            name, value = field[1], field[2].strip()
        elif name and (more := _MORE.fullmatch(line)):
            value = f"{value} {more[1].strip()}".strip()
        else:
            break
    yield name, value
