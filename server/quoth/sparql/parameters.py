"""Typed parameters of queries kept as files, and their values as terms in the query.

A line of the head declares one: its name, its type, its default (``-``: none, which means any) and what it is.

# parameter: entity iri:entity id/org/isi The entity that is asked about.
# parameter: certainty concept:certainty - Only claims of this certainty.

The query itself has the default in a block ``VALUES ?entity { <id/org/isi> }`` or ``VALUES ?certainty { UNDEF }``, so
that the file runs as it is. A value takes the place of what the block holds, as a term that the RDF library has made
and written: no character of a request is ever pasted.
"""

import datetime
import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, XSD, Term
from quoth.errors import UsageError
from quoth.sparql.tokens import tokens

TYPES = ("iri", "string", "integer", "date", "concept")
LONGEST = 2_000
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``of`` names the scheme of a concept, or what sort of thing an IRI should be; empty: any.

    ``default`` is as the head writes it; None means that the parameter may be left out, and then does not restrict.
    """

    name: str
    type: str
    of: str
    default: str | None
    description: str

    @property
    def expected(self) -> str:
        """What a value has to look like."""
        return {
            "iri": "an IRI, absolute or relative to the dataset, such as id/org/some-name",
            "string": f"a text of at most {LONGEST} characters",
            "integer": "a whole number, such as 3",
            "date": "a day, such as 2020-10-13",
            "concept": f"a concept of the scheme {self.of}",
        }[self.type]

    def term(self, raw: str, base: str, concepts: Collection[str] | None = None) -> Term:
        """The term that ``raw`` means; relative IRIs are resolved against ``base``.

        ``concepts`` are the local names in the scheme, None where they need no check. Raises UsageError, which names
        the parameter and what is expected.
        """
        if len(raw) <= LONGEST:
            try:
                found = self._term(raw, base, concepts)
            except ValueError:
                found = None
            if found is not None:
                return found
        shown = raw if len(raw) <= 80 else raw[:80] + "…"
        expected = self.expected + (f": one of {', '.join(sorted(concepts))}" if concepts else "")
        raise UsageError(f"{shown!r} is no value for {self.name}", where=self.name, remedy=f"expected is {expected}")

    def _term(self, raw: str, base: str, concepts: Collection[str] | None) -> Term | None:
        match self.type:
            case "string":
                return ox.Literal(raw)
            case "integer":
                return ox.Literal(str(int(raw)), datatype=XSD.integer) if _INTEGER.fullmatch(raw) else None
            case "date":
                if not _DATE.fullmatch(raw):
                    return None
                return ox.Literal(datetime.date.fromisoformat(raw).isoformat(), datatype=XSD.date)
            case "concept":
                space = f"{ONTOLOGY_IRI}/{self.of}#"
                local = raw.removeprefix(space).removeprefix(f"{self.of}:")
                fits = re.fullmatch(r"\w+", local) if concepts is None else local in concepts
                return ox.NamedNode(space + local) if fits else None
        return ox.NamedNode(_absolute(raw, base))


def _absolute(raw: str, base: str) -> str:
    match = _SCHEME.fullmatch(raw)
    if match is None:
        return base + raw.removeprefix("/")
    if match[1] in PREFIXES and not match[2].startswith("//"):
        return PREFIXES[match[1]] + match[2]
    return raw


def declared(line: str) -> Parameter:
    """The parameter that the text after ``# parameter:`` declares. Raises ValueError that says what is wrong."""
    words = shlex.split(line)
    if len(words) < 4:
        raise ValueError("a parameter is declared as: name type default description")
    name, (type, _, of), default = words[0], words[1].partition(":"), words[2]
    if not re.fullmatch(r"[a-z]\w*", name) or name in ("page", "format"):
        raise ValueError(f"{name!r} cannot be the name of a parameter")
    if type not in TYPES or (type == "concept" and not of):
        raise ValueError(f"{words[1]!r} is no type: there are {', '.join(TYPES)}; a concept has its scheme, concept:x")
    return Parameter(name, type, of, None if default == "-" else default, " ".join(words[3:]))


def bind(text: str, values: Mapping[str, Term | Sequence[Term] | None]) -> str:
    """The query with the VALUES block of each variable holding its term or terms; None: nothing, which lets any pass.

    Raises ValueError for a variable that has no block of its own, and for a blank node, which names nothing.
    """
    stream = list(tokens(text))
    blocks: list[tuple[int, int, str]] = []
    for at, token in enumerate(stream):
        following = stream[at + 1 : at + 3]
        if token.text.upper() != "VALUES" or [t.text for t in following[1:]] != ["{"]:
            continue
        end = next(t.start for t in stream[at + 3 :] if t.text == "}")
        if following[0].kind == "variable" and following[0].text[1:] in values:
            blocks.append((following[1].start + 1, end, following[0].text[1:]))
    missing = sorted(values.keys() - {name for *_, name in blocks})
    if missing:
        raise ValueError(f"the query has no block VALUES ?{missing[0]} {{ … }}")
    for start, end, name in reversed(blocks):
        value = values[name]
        terms = value if isinstance(value, Sequence) else [value]
        if any(isinstance(term, ox.BlankNode) for term in terms):
            raise ValueError(f"?{name} cannot be a blank node")
        text = f"{text[:start]} {' '.join('UNDEF' if term is None else str(term) for term in terms)} {text[end:]}"
    return text


def page(text: str, size: int, number: int) -> str:
    """A SELECT query that has no LIMIT of its own, cut to its page ``number``, counted from 1."""
    return f"{text}\nLIMIT {int(size)} OFFSET {int(size) * (int(number) - 1)}"


def counted(text: str) -> str:
    """The query that counts the solutions of a SELECT query as ?total."""
    start = next(t.start for t in tokens(text) if t.text.upper() == "SELECT")
    return f"{text[:start]}SELECT (COUNT(*) AS ?total) WHERE {{\n{{ {text[start:]}\n}} }}"
