"""JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), written in JSON or YAML: what it would silently drop is an error."""

import functools
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import pyoxigraph as ox

from quoth.claim.model import language_tag
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.reading.yaml_tree import walk
from quoth.errors import DocumentError
from quoth.resources import jsonld_context

KEYWORDS = frozenset({"@context", "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@included"})
UNREAD = {
    "@reverse": "write the statement at its subject, with the key itself",
    "@index": "take it out: an index says nothing in RDF",
    "@nest": "write its keys at the node itself",
    "@direction": "give the language alone",
}
"""The keywords that are not read, and what to write instead."""
IN_LANGUAGES = 'write each text with its language: [{"@value": "…", "@language": "de"}, …]'
NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]|^$')
_DROPPED = re.compile(r"@[A-Za-z]+|(?![A-Za-z][A-Za-z0-9+.-]*:|_:.)(?:[^/?#:]*:|[^:]*://).*", re.DOTALL)
"""References that a processor takes for keywords, or for whole IRIs although no scheme begins them (JSON-LD 1.1 API
§5.2): it drops what has them, without a word, as it does with those that are no IRIs (RFC 3987 §2.2)."""
_WHOLE = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
MAX_IRI = 2000
"""Characters of an IRI that becomes a part of others: an id, a prefix, a base."""
MAX_CONTEXTS = 100
"""Places of a document that may name our context, which stands there in full when it is read."""
_DIGITS = 16


class Problem(NamedTuple):
    """A part that JSON-LD would drop: its key, the value if the value is at fault, and the line of its node in YAML."""

    key: str
    value: str | None
    line: int
    detail: str
    remedy: str


def parse(text: str, path: Path) -> object:
    """The tree of a document in JSON. Raises DocumentError (file:line) for a text that is not JSON, and for what would
    be dropped."""
    tree = _json(text, path)
    ours = isinstance(tree, dict) and tree.get("@context") == CONTEXT_IRI
    for problem in (*problems(tree), *(unknown_keys(tree) if ours else ())):
        at = _line(text, problem.value) if problem.value is not None else _line(text, problem.key, ":")
        raise DocumentError(problem.detail, where=f"{path}:{at}", remedy=problem.remedy)
    return tree


def fault_line(text: str, message: str) -> int | None:
    """The line of what an engine finds wrong in a document in JSON or YAML, where the words of its message lead to one
    line alone: the value that it quotes, or the keyword whose value it wants to be of another kind."""
    if quoted := re.search(r"'([^']+)'", message):
        places = [m.start() for m in re.finditer(re.escape(quoted[1]), text)]
    elif kind := re.match(r"(@\w+) value must be", message):
        names = "|".join((kind[1], kind[1].removeprefix("@")))
        scalar = r"[\[{]" if kind[1] == "@value" else r"""[^\s"'\w]|\d"""
        places = [m.start() for m in re.finditer(rf"""["']?(?<![\w@])(?:{names})["']?\s*:\s*(?:{scalar})""", text)]
    else:
        keywords = re.findall(r"@\w+", message)
        places = [m.start() for m in re.finditer(r"\"@\w+\"(?=\s*:)", text) if m[0][1:-1] in keywords]
    lines = {text.count("\n", 0, at) + 1 for at in places[:100]}
    return lines.pop() if len(lines) == 1 else None


@functools.cache
def references() -> frozenset[str]:
    """The keys of our context whose string values are IRIs."""
    return iri_keys(jsonld_context())


def iri_keys(context: Mapping[str, object]) -> frozenset[str]:
    """The keys whose string values are IRIs."""
    typed = (k for k, d in context.items() if isinstance(d, dict) and d.get("@type") == "@id")
    return frozenset(typed) | {"id", "@id"}


def is_dropped(reference: str) -> bool:
    """Whether a processor drops what has that reference.

    >>> [is_dropped(each) for each in ("id/org/x", "id/claim/https://e.org/x", "9x:y", "@x", "https://e.org:port/")]
    [False, True, True, True, True]
    """
    if _DROPPED.fullmatch(reference):
        return True
    try:
        if reference.startswith("_:"):
            ox.BlankNode(reference[2:])
        else:
            before = "" if _WHOLE.match(reference) else "http:" if reference.startswith("//") else "http://host/"
            ox.NamedNode(before + reference)
    except ValueError:  # such as a port in letters
        return True
    return False


def problems(tree: object) -> Iterator[Problem]:
    """Keywords that are not read, IRI references that are none (RFC 3987 §2.2), and tags of no language (BCP 47)."""
    for key, _, line in walk(_without_contexts(tree)):
        if key in UNREAD:
            yield Problem(key, None, line, f"the keyword {key} is not read", UNREAD[key])
    for key, value, line in walk(tree):
        if key == "@context" and isinstance(value, dict):
            longest = max((len(v) for _, v, _ in walk(value) if isinstance(v, str)), default=0)
            if longest > MAX_IRI:
                detail = f"an IRI in the context has more than {MAX_IRI:,} characters"
                yield Problem(key, None, line, detail, "write a shorter one: many others contain it")
        if not isinstance(value, str):
            continue
        spaced = key in references() and NOT_IN_IRI.search(value)
        if spaced or (key in references() and is_dropped(value)):
            advice = "an IRI has no spaces or brackets" if spaced else "begin it with https: or with id/"
            yield Problem(key, value, line, f"{key}: {shortened(value)!r} is not an IRI", advice)
        elif key == "@language" and (remedy := language_tag.remedy(value)):
            yield Problem(key, value, line, f"{shortened(value)!r} is not a language tag (BCP 47)", remedy)


def _without_contexts(value: object) -> object:
    if isinstance(value, list):
        return [_without_contexts(v) for v in value]
    if isinstance(value, dict):
        return {k: _without_contexts(v) for k, v in value.items() if k != "@context"}
    return value


def unknown_keys(tree: object) -> Iterator[Problem]:
    """Keys that mean nothing in a document that uses our context alone."""
    nodes: list[tuple[str, object]] = [("", tree)]
    while nodes:
        place, node = nodes.pop()
        if isinstance(node, list):
            nodes += ((place, item) for item in node)
        elif isinstance(node, dict):
            for key, value in node.items():
                named = ":" in key and not NOT_IN_IRI.search(key)
                if not (key in jsonld_context() or key in KEYWORDS or named):
                    languages = place and all(language_tag.is_valid(k) for k in node)
                    remedy = (
                        f"{place} is not a map of languages: {IN_LANGUAGES}" if languages else "it would be dropped"
                    )
                    yield Problem(key, None, 1, f"there is no key {shortened(key)!r}", remedy)
                nodes += [(key, value)] if key != "@context" else []


def inline(tree: object, context: Mapping[str, object], path: Path, base: str) -> str:
    """The document in JSON, in which ``context`` stands for our own: the only one that may be named by its IRI."""
    named = 0

    def inlined(value: object, is_context: bool = False) -> object:
        nonlocal named
        if isinstance(value, list):
            return [inlined(v, is_context) for v in value]
        if isinstance(value, dict) and not is_context:
            return {k: inlined(v, k == "@context") for k, v in value.items()}
        if isinstance(value, str) and is_context:
            named += 1
            if named > MAX_CONTEXTS:
                detail = f"it names its context more than {MAX_CONTEXTS} times"
                raise DocumentError(detail, where=str(path), remedy="name it once, at the top")
            if value in (CONTEXT_IRI, urljoin(base, "context.jsonld")):
                return context
            raise DocumentError(
                f"the context <{shortened(value)}> would have to be fetched, which Quoth does not do",
                where=str(path),
                remedy=f"name <{CONTEXT_IRI}>, or write the context into the document",
            )
        return value

    return json.dumps(inlined(tree))


class _ValueFault(ValueError):
    """A part of a JSON text that is read otherwise than it is written: its text, what is wrong, and what to do."""

    def __init__(self, text: str, after: str, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.text, self.after, self.detail, self.remedy = text, after, detail, remedy


def _json(text: str, path: Path) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_float=_number, parse_int=_integer, parse_constant=_number
        )
    except json.JSONDecodeError as error:
        raise DocumentError(f"it is not JSON: {error.msg}", where=f"{path}:{error.lineno}") from None
    except _ValueFault as fault:
        where = f"{path}:{_line(text, fault.text, fault.after)}"
        raise DocumentError(f"it is not JSON: {fault.detail}", where=where, remedy=fault.remedy) from None
    except RecursionError:
        raise DocumentError("it is nested too deeply", where=str(path)) from None


def _number(literal: str) -> float:
    value = float(literal.replace("Infinity", "inf"))
    if not math.isfinite(value):
        raise _ValueFault(literal, "", f"{shortened(literal)} is not a number", "put it in quotation marks")
    return value


def _integer(literal: str) -> int:
    if len(literal) > _DIGITS:
        detail = f"{shortened(literal)} has more digits than a number can have"
        raise _ValueFault(literal, "", detail, "put it in quotation marks")
    return int(literal)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object, whose keys stand once: the first value of one that stands twice would be lost."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(n for n in names if names.count(n) > 1)
        raise _ValueFault(twice, ":", f"the key {shortened(twice)!r} occurs twice in one object", "keep one of the two")
    return members


def _line(text: str, words: str, after: str = "") -> int:
    """The first line on which a string (as a key, ``after`` a colon) or a number stands in a JSON text; else 1."""
    forms = {re.escape(json.dumps(words, ensure_ascii=a)) for a in (True, False)} | (
        set() if after else {re.escape(words)}
    )
    found = re.search(rf"(?:{'|'.join(sorted(forms))})\s*{after}", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
