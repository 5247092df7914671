"""Queries as data: files ``<name>.rq`` whose head says what the query answers.

# title: Who says so?
# description: Every source of a claim,
#   from the innermost level outwards.
SELECT …

The head declares the query's parameters too: see parameters.py.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.model.namespaces import Term
from quoth.errors import DocumentError, NotFoundError
from quoth.sparql import parameters
from quoth.sparql.parameters import Parameter

OWN = Path(__file__).with_name("queries")
_FIELD = re.compile(r"# ?(title|description|parameter):\s*(.*)")
_MORE = re.compile(r"#\s{2,}(.*)")


@dataclass(frozen=True)
class NamedQuery:
    """A query with the name of its file, without the suffix; ``text`` is the whole file."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()

    def defaults(self, base: str) -> dict[str, Term | None]:
        """The default of each parameter by its name; None: any value."""
        return {p.name: None if p.default is None else p.term(p.default, base) for p in self.parameters}

    def bound(self, values: Mapping[str, Term | None]) -> str:
        """The text with these terms for its parameters."""
        return parameters.bind(self.text, values)


def load(folder: Path) -> list[NamedQuery]:
    """The queries in a folder, by name. Raises DocumentError that names the file which cannot be read."""
    return [read(path) for path in sorted(folder.glob("*.rq"))]


def read(path: Path) -> NamedQuery:
    """One query. Raises NotFoundError, and DocumentError where the header lacks its title or description."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"there is no query {path.stem}") from None
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8: {error.reason}", where=str(path)) from None
    head = list(_header(text))
    fields = dict(head)
    for name in ("title", "description"):
        if not fields.get(name):
            raise DocumentError(
                f"the query has no {name}", where=f"{path}:1", remedy=f"begin the file with `# {name}: …`"
            )
    try:
        declared = tuple(parameters.parse_declaration(value) for name, value in head if name == "parameter")
        parameters.bind(text, {p.name: None for p in declared})
    except ValueError as error:
        raise DocumentError(str(error), where=f"{path}:1") from None
    return NamedQuery(path.stem, fields["title"], fields["description"], text, declared)


@functools.cache
def text(name: str) -> str:
    """The text of one of the software's own queries. Raises NotFoundError."""
    return read(OWN / f"{name}.rq").text


def _header(text: str) -> Iterator[tuple[str, str]]:
    """The fields of the comment at the head of a file; an indented line continues the field before."""
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
