"""Queries as data: files ``<name>.rq`` whose head says what the query answers.

# title: Who says so?
# group: Who says what
# description: Everybody who made or passed on a claim,
#   from the first source outwards.
# note: The innermost level is quoth:attribution.
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
from quoth.sparql.parameters import ANY_ONE, Parameter

OWN = Path(__file__).with_name("queries")
QUESTIONS = Path(__file__).with_name("questions")
"""The questions that can be asked of any release."""
_FIELD = re.compile(r"# ?(title|group|description|note|parameter):\s*(.*)")
_NAMED = re.compile(r"\{(\w+)\}")
_MORE = re.compile(r"#\s{2,}(.*)")


@dataclass(frozen=True)
class NamedQuery:
    """A query with the name of its file, without the suffix; ``text`` is the whole file. ``description`` is for any
    reader, ``note`` for those who read the query; ``group`` is the heading under which it is listed, or empty."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    group: str = ""
    note: str = ""

    def defaults(self, base: str) -> dict[str, Term | None]:
        """The default of each parameter by its name; None: any value, or one that the release has to give."""
        return {p.name: None if p.default in (None, ANY_ONE) else p.term(p.default, base) for p in self.parameters}

    def bound(self, values: Mapping[str, Term | None]) -> str:
        """The text with these terms for its parameters."""
        return parameters.bind(self.text, values)


def load(folder: Path) -> list[NamedQuery]:
    """The queries in a folder, by name. Raises DocumentError that names the file which cannot be read."""
    return [read(path) for path in sorted(folder.glob("*.rq"))]


def read(path: Path) -> NamedQuery:
    """One query. Raises NotFoundError, and DocumentError as ``parse`` does."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"there is no query {path.stem}") from None
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8: {error.reason}", where=str(path), remedy="save it as UTF-8") from None
    except OSError as error:
        raise DocumentError(error.strerror or "it cannot be opened", where=str(path)) from None
    return parse(path.stem, text, str(path))


def parse(name: str, text: str, where: str) -> NamedQuery:
    """The query of that name with that text. Raises DocumentError, with the line, where the header lacks its title or
    description, or does not fit the query."""
    head = list(_header(text))
    fields = {field: value for field, value, _ in head}
    for field in ("title", "description"):
        if not fields.get(field):
            raise DocumentError(
                f"the query has no {field}", where=f"{where}:1", remedy=f"begin the file with `# {field}: …`"
            )
    declared = []
    for field, value, line in head:
        try:
            if field == "parameter":
                declared.append(parameters.parse_declaration(value))
                parameters.bind(text, {declared[-1].name: None})
            elif field == "title" and (unknown := set(_NAMED.findall(value)) - _parameters(head)):
                raise ValueError(f"the title names {{{min(unknown)}}}, which is not a parameter")
        except ValueError as error:
            remedy = "the guide's chapter on querying shows the lines of the head"
            raise DocumentError(str(error), where=f"{where}:{line}", remedy=remedy) from None
    described = {field: fields.get(field, "") for field in ("title", "description", "group", "note")}
    return NamedQuery(name, **described, text=text, parameters=tuple(declared))


def _parameters(head: list[tuple[str, str, int]]) -> set[str]:
    return {value.partition(" ")[0] for field, value, _ in head if field == "parameter"}


@functools.cache
def text(name: str) -> str:
    """The text of one of the software's own queries. Raises NotFoundError."""
    return read(OWN / f"{name}.rq").text


def _header(text: str) -> Iterator[tuple[str, str, int]]:
    """The fields of the comment at the head of a file, with their lines from 1; an indented line continues the field
    before."""
    name, value, begun = "", "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if field := _FIELD.fullmatch(line):
            yield name, value, begun
            name, value, begun = field[1], field[2].strip(), number
        elif name and (more := _MORE.fullmatch(line)):
            value = f"{value} {more[1].strip()}".strip()
        else:
            break
    yield name, value, begun
