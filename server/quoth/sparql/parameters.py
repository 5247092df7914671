"""Typed parameters of the queries in files, and their values as terms in the query.

A line of the head declares a parameter: name, type, default and description. The default ``-`` is none, so that any
value fits; ``*`` is one that the release gives: the thing of that kind with the most claims.

# parameter: entity iri:entity * The entity that is asked about.
# parameter: depth integer:1 3 How many hands, at least one.
# parameter: certainty concept:certainty - Only claims of this certainty.

The query has the default in a block ``VALUES ?entity { <id/org/isi> }`` or ``VALUES ?certainty { UNDEF }``, so that
the file runs unchanged. A value replaces the content of the block, as a term that the RDF library has made and
serialised: no character of a request is ever pasted.
"""

import datetime
import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, XSD, Term
from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.corpus import bases
from quoth.errors import Choice, UsageError
from quoth.sparql.tokens import tokens

TYPES = ("iri", "string", "integer", "date", "concept")
KINDS = ("entity", "source", "topic", "article", "claim", "dataset")
"""The kinds of things that an IRI may have to name."""
ANY_ONE = "*"
"""The default that a release gives."""
MAX_CHARACTERS = 2_000
"""Characters that a value may have."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Parameter:
    """A parameter. ``of`` names the scheme of a concept, the kind of thing that an IRI has to name, one of KINDS, or
    the least whole number; empty: any.

    ``default`` is the text in the head; None means that the parameter may be left out and then restricts nothing.
    """

    name: str
    type: str
    of: str
    default: str | None
    description: str

    @property
    def expected(self) -> str:
        """The form of a value, in words."""
        return {
            "iri": f"the name or the IRI of {'an' if self.of[:1] in tuple('aeiou') else 'a'} {self.of or 'thing'}",
            "string": f"a text of at most {MAX_CHARACTERS} characters",
            "integer": f"a whole number{f' from {self.of}' if self.of else ''}, such as 3",
            "date": "a day, such as 2020-10-13",
            "concept": f"a concept of the scheme {self.of}",
        }[self.type]

    def term(self, raw: str, base: str, concepts: Collection[str] | None = None) -> Term:
        """The term that ``raw`` means; relative IRIs are resolved against ``base``.

        ``concepts`` are the local names in the scheme, None where they need no check. Raises UsageError that names the
        parameter, the form of a value and, for a concept, those that are near.
        """
        if len(raw) <= MAX_CHARACTERS:
            try:
                term = self._term(raw, base, concepts)
            except ValueError:
                term = None
            if term is not None:
                return term
        shown = raw if len(raw) <= 80 else raw[:80] + "…"
        expected = self.expected + (f": one of {', '.join(sorted(concepts))}" if concepts else "")
        near = our_vocabulary().near(f"{ONTOLOGY_IRI}/{self.of}", raw) if concepts else []
        meant = f"did you mean {' or '.join(near)}? Otherwise " if near else ""
        choices = [Choice(name, name) for name in near]
        detail = f"{shown!r} is not a value for {self.name}"
        raise UsageError(detail, where=self.name, remedy=f"{meant}give {expected}", choices=choices)

    def _term(self, raw: str, base: str, concepts: Collection[str] | None) -> Term | None:
        match self.type:
            case "string":
                return ox.Literal(raw)
            case "integer":
                if not _INTEGER.fullmatch(raw) or (self.of and int(raw) < int(self.of)):
                    return None
                return ox.Literal(str(int(raw)), datatype=XSD.integer)
            case "date":
                if not _DATE.fullmatch(raw):
                    return None
                return ox.Literal(datetime.date.fromisoformat(raw).isoformat(), datatype=XSD.date)
            case "concept":
                space = f"{ONTOLOGY_IRI}/{self.of}#"
                local = raw.removeprefix(space).removeprefix(f"{self.of}:")
                fits = re.fullmatch(r"\w+", local) if concepts is None else local in concepts
                return ox.NamedNode(space + local) if fits else None
        return ox.NamedNode(absolute(raw, base))


def absolute(raw: str, base: str) -> str:
    """An IRI in full: it may have one of our prefixes, or be relative to ``base`` (bases.full)."""
    match = _SCHEME.fullmatch(raw)
    if match is None:
        return bases.full(raw.removeprefix("/"), base)
    if match[1] in PREFIXES and not match[2].startswith("//"):
        return PREFIXES[match[1]] + match[2]
    return raw


def parse_declaration(line: str) -> Parameter:
    """The parameter that the text after ``# parameter:`` declares. Raises ValueError that says what is wrong."""
    words = shlex.split(line)
    if len(words) < 4:
        raise ValueError("a parameter is declared as: name type default description")
    name, (type, _, of), default = words[0], words[1].partition(":"), words[2]
    if not re.fullmatch(r"[a-z]\w*", name) or name in ("page", "format"):
        raise ValueError(f"{name!r} cannot be the name of a parameter")
    if type not in TYPES or (type == "concept" and not of):
        raise ValueError(
            f"{words[1]!r} is not a type: there are {', '.join(TYPES)}; a concept has its scheme, concept:x"
        )
    if type == "iri" and of and of not in KINDS:
        raise ValueError(f"{of!r} is not a kind of thing: there are {', '.join(KINDS)}")
    if type == "integer" and of and not _INTEGER.fullmatch(of):
        raise ValueError(f"{of!r} is not a whole number, the least that a value may be")
    if default == ANY_ONE and not (type == "iri" and of):
        raise ValueError("only a parameter that is an IRI of a kind can have the default *")
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


def paginate(text: str, size: int, number: int) -> str:
    """The query for page ``number``, from 1, of the solutions of a SELECT query that has no LIMIT of its own."""
    return f"{text}\nLIMIT {int(size)} OFFSET {int(size) * (int(number) - 1)}"


def count_query(text: str) -> str:
    """The query that counts the solutions of a SELECT query as ?total."""
    start = next(t.start for t in tokens(text) if t.text.upper() == "SELECT")
    return f"{text[:start]}SELECT (COUNT(*) AS ?total) WHERE {{\n{{ {text[start:]}\n}} }}"
