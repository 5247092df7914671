"""Checking documents: reading, anchors, shapes, and the rules over the whole dataset."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.checking import (
    anchors,
    dataset_rules,
    frames,
    judgements,
    languages,
    own_words,
    places,
    shacl,
    shared_ids,
)
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.causes import causes
from quoth.claim.checking.coverage import coverage
from quoth.claim.checking.validator import Validator
from quoth.claim.checking.wording import compare
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.model.ontology import in_keys
from quoth.claim.model.report import Finding, Progress, Report, counted
from quoth.claim.model.triple_index import TripleIndex, statements
from quoth.claim.reading import document
from quoth.claim.reading.document import Document
from quoth.claim.reading.own_words import NAMES
from quoth.claim.rules.publication import DatasetRule, Facts, rules
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.errors import DocumentError

_IN_YAML = 'The ferry, or {"@value": Die Fähre, "@language": de}'
_IN_A_LANGUAGE = {
    ".yaml": _IN_YAML,
    ".yml": _IN_YAML,
    ".jsonld": '{"@value": "Die Fähre", "@language": "de"}',
    ".ttl": '"Die Fähre"@de',
}
"""How a text and its language are written, by the suffix of a document."""
MOST_MISTAKES = 20
"""Mistakes of one unreadable document that are listed."""


def read_all(paths: Iterable[Path], base: str) -> tuple[list[Document], list[Finding]]:
    """The documents that can be read, with the vocabularies of their own words, and findings about those that cannot.

    Raises UsageError for a path that does not exist.
    """
    return read_documents(document.with_vocabularies(document.files(paths)), base)


def read_documents(files: Iterable[Path], base: str) -> tuple[list[Document], list[Finding]]:
    """Those of the files that can be read, and findings about the others."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for path in files:
        try:
            documents.append(document.read(path, base))
            findings += documents[-1].findings
        except DocumentError as error:
            findings += _unreadable(path, error)
    return documents, findings


def _unreadable(path: Path, error: DocumentError) -> Iterator[Finding]:
    """The mistakes for which a document cannot be read; the last one that is shown says how many more there are."""
    shown = (error, *error.others)[:MOST_MISTAKES]
    more = len(error.others) + 1 - len(shown)
    for each in shown:
        file, _, line = (each.where or "").rpartition(":")
        file, line = (file, line) if line.isdecimal() else (each.where or str(path), "0")
        remedy = each.remedy or "correct the syntax; nothing else in this file was checked"
        if path.name in NAMES and each is error:
            remedy += "; until then the words that it defines are not checked"
        if more and each is shown[-1]:
            remedy += f" (the file has {counted(more, 'more mistake')} of this sort)"
        yield Finding(each.detail, "syntax", file=file, line=int(line), remedy=remedy)


def check(
    paths: Iterable[Path],
    base: str,
    texts: Texts | None = None,
    progress: Progress | None = None,
    reference: bool = False,
    passages: Passages = PASSAGES,
) -> tuple[Report, list[ox.Quad]]:
    """Check the documents as one dataset: the report, and the quads, each once, in the order of the documents.

    ``progress`` is called with (stage, done, total). If ``reference``, pySHACL validates (validator.py). ``passages``
    says how much of a text may be quoted. Raises UsageError for a path that does not exist.
    """
    tell = progress or (lambda stage, done, total: None)
    tell("reading", 0, 4)
    documents, findings = read_all(paths, base)
    findings += shared_ids.violations(lambda: documents, base)
    quads = list(dict.fromkeys(q for d in documents for q in d.quads))
    tell("anchors", 1, 4)
    stated = statements(quads)
    index = TripleIndex(stated)
    tell("shapes", 2, 4)
    vocabulary, validator = Vocabulary(quads), Validator(reference)
    violations = found(quads, stated, index, base, texts, vocabulary, validator, passages=passages)
    if lacks_own_words(findings):
        violations = _without_own_words(violations, quads, vocabulary)
    tell("checked", 4, 4)
    judged = judgements.judge(causes(violations), judgements.recorded(documents, base))
    located = map(worded, places.locate(judged, documents, len(documents) == 1), repeat(base))
    findings += shared_ids.without_consequences(once_for_a_line(located), findings)
    report = Report(
        documents=tuple(str(d.path) for d in documents),
        quads=len(quads),
        claims=sum(1 for q in quads if q.predicate == RDF.type and q.object == QUOTH.Claim),
        findings=tuple(sorted(findings, key=by_place)),
        coverage=tuple(coverage(index, texts)),
        unreadable=any(f.rule == "syntax" for f in findings),
        validator=str(validator),
    )
    return report, quads


def found(
    quads: list[ox.Quad],
    stated: list[ox.Quad],
    index: TripleIndex,
    base: str,
    texts: Texts | None,
    vocabulary: Vocabulary,
    validator: Validator,
    asked: Iterable[DatasetRule] | None = None,
    others: Callable[[], Iterable[str]] = list,
    passages: Passages = PASSAGES,
) -> list[Finding]:
    """Everything that is wrong with quads, wherever they are from; of which some follows from other findings.

    ``stated`` are the quads as statements (model/triple_index.py), of which ``index`` is one.
    ``asked`` are the queries that are asked (None: all); ``others`` gives IRIs that are described outside these quads.
    """
    violations = anchors.verify(index, texts, passages)
    violations += shacl.violations(stated, vocabulary, validator)
    violations += frames.violations(stated, vocabulary, validator)
    violations += own_words.violations(stated, vocabulary)
    violations += languages.violations(stated)
    violations += dataset_rules.solutions(Facts(quads, base), rules("check") if asked is None else asked)
    violations += dataset_rules.violations(stated, base, shacl.known_types(), others)
    violations += compare.findings(stated, index, vocabulary, texts)
    return violations


def lacks_own_words(findings: Iterable[Finding]) -> bool:
    """Whether there is a vocabulary among the documents that cannot be read, so that its words are not known."""
    return any(f.rule == "syntax" and Path(f.file).name in NAMES for f in findings)


def worded(finding: Finding, base: str) -> Finding:
    """A finding in the words of its document: with the keys of YAML, and an example in its syntax."""
    base = document.base_of(Path(finding.file), base)
    keyed = replace(finding, message=in_keys(finding.message, base), remedy=in_keys(finding.remedy, base))
    return _with_example(keyed)


def by_place(f: Finding) -> tuple[object, ...]:
    """The key by which the findings of a report are sorted: what cannot be read first, then by file and line."""
    return (f.rule != "syntax", f.file, f.line, f.focus, f.rule, f.message, f.path, f.value, f.remedy)


def once_for_a_line(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings; of those about a value without an id, one for its line: several claims may share a level."""
    told: set[tuple[str, str]] = set()
    for f in findings:
        if f.rule != "blank-node" or (f.where, f.message) not in told:
            yield f
        told |= {(f.where, f.message)} if f.rule == "blank-node" and f.line else set()


def _with_example(finding: Finding) -> Finding:
    """A finding about a text without its language, with an example in the syntax of its document."""
    example = _IN_A_LANGUAGE.get(Path(finding.file).suffix.lower(), _IN_A_LANGUAGE[".ttl"])
    asks = "with its language" in finding.message and finding.severity == "Violation"
    return replace(finding, remedy=f"{finding.remedy}, such as {example}") if asks else finding


def _without_own_words(violations: list[Finding], quads: list[ox.Quad], vocabulary: Vocabulary) -> list[Finding]:
    """The violations but for those of words that a vocabulary may define which cannot be read, and but for warnings
    about claims that have such a word."""
    terms = ((q.subject, q.object) for q in quads)
    pairs = ((s.value, o.value) for s, o in terms if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode))
    claims = {subject.partition("#")[0] for subject, value in pairs if shacl.may_be_own(value, vocabulary)}
    return [
        f
        for f in violations
        if not shacl.may_be_own(f.value, vocabulary)
        and (f.severity == "Violation" or f.focus.partition("#")[0] not in claims)
    ]
