"""Warnings that a person judged: a judgement in a document accepts those of one rule about one resource, and is void
once the resource is worded otherwise.

What was judged is told by a digest, which ``quoth draft --accepted`` writes into the document.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES, PROV, QUOTH, RDFS
from quoth.claim.model.report import Finding, Judgement
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading.document import Document
from quoth.corpus import bases

DIGEST_LENGTH = 16
"""Hexadecimal digits of a digest, of SHA-256's 64: enough to tell a change, and fit to stand in a document."""


def recorded(documents: Iterable[Document], base: str) -> list[tuple[Judgement, str]]:
    """The judgements in documents, each with the digest of the wording that it is about."""
    digests: list[tuple[Judgement, str]] = []
    for document in documents:
        statements = _statements(document.quads) if (accepted := judgements(document.quads)) else {}
        digests += ((judgement, digest(statements[judgement.about], base)) for judgement in accepted)
    return digests


def judge(findings: Iterable[Finding], recorded: Iterable[tuple[Judgement, str]]) -> Iterator[Finding]:
    """The findings, with their judgement where they are accepted; then what is wrong with the judgements."""
    judged: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    digests: dict[str, str] = {}
    for judgement, wording in recorded:
        judged[judgement.about, judgement.rule].append(judgement)
        digests[judgement.iri] = wording
    met: set[str] = set()
    for finding in findings:
        theirs = judged.get((finding.focus.partition("#")[0], finding.rule), [])
        fitting = theirs if finding.severity == "Warning" else []
        met.update(j.iri for j in fitting)
        valid = next((j for j in fitting if j.digest == digests[j.iri]), None)
        if fitting and not valid and all(j.digest for j in fitting):
            message = f"{finding.message} (it was accepted for another wording, and has to be judged again)"
            remedy = f"{finding.remedy}; or update its reason, delete its digest and run quoth draft --accepted"
            finding = replace(finding, message=message, remedy=remedy)
        yield replace(finding, judgement=valid)
    for judgement in (j for members in judged.values() for j in members):
        undated, needless = about(judgement)
        if not judgement.digest:
            yield undated
        elif judgement.iri not in met:
            yield needless


def about(judgement: Judgement) -> tuple[Finding, Finding]:
    """The findings about a judgement that has no digest, and about one of a warning that there is not."""
    message = f"the warning “{judgement.rule}” is accepted, but the wording it was accepted for is not recorded"
    remedy = "run quoth draft --accepted on this file"
    undated = Finding(message, "judgement-digest", focus=judgement.iri, path=QUOTH.digest.value, remedy=remedy)
    message = f"the rule “{judgement.rule}” gives no warning about it: there is nothing to accept"
    remedy = "take the judgement out, unless a check with the texts needs it"
    return undated, Finding(message, "judgement-needless", "Info", focus=judgement.iri, remedy=remedy)


def judgements(quads: Iterable[ox.Quad]) -> list[Judgement]:
    """The judgements in a document, in its order."""
    quads = list(quads)
    if all(q.predicate != QUOTH.accepted for q in quads):
        return []  # as in most documents
    index = TripleIndex(quads)
    return [_judgement(index, about, iri) for about in index.having(QUOTH.accepted) for iri in _accepted(index, about)]


def lacking_digest(quads: Iterable[ox.Quad], base: str) -> dict[Judgement, str]:
    """The judgements in a document that have no digest yet, with what it should be."""
    quads = list(quads)
    statements = _statements(quads)
    return {j: digest(statements[j.about], base) for j in judgements(quads) if not j.digest}


def digest(statements: Iterable[ox.Quad], base: str) -> str:
    """The digest of the statements about one resource. It is the same in every syntax and under every base."""
    quads = list(statements)
    own = next((bases.home(q.subject.value, base) for q in quads if isinstance(q.subject, ox.NamedNode)), base)
    lines = sorted((ox.serialize([q], format=ox.RdfFormat.N_QUADS) or b"").decode() for q in quads)
    text = "".join(lines).replace(f"<{own}", "<")
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def _accepted(index: TripleIndex, about: str) -> list[str]:
    return index.values(about, QUOTH.accepted)


def _judgement(index: TripleIndex, about: str, iri: str) -> Judgement:
    rule, digest, reason, by = (
        index.value(iri, p) for p in (QUOTH.rule, QUOTH.digest, RDFS.comment, PROV.wasAttributedTo)
    )
    return Judgement(iri, about, rule.removeprefix(PREFIXES["rule"]), reason, by, digest)


def _statements(quads: Iterable[ox.Quad]) -> dict[str, list[ox.Quad]]:
    """The statements of a document about each resource and its parts, without judgements and corrections; each once."""
    about: dict[str, list[ox.Quad]] = defaultdict(list)
    properties = (QUOTH.accepted, QUOTH.correction)
    notes = {q.object for q in quads if q.predicate in properties}
    for q in dict.fromkeys(quads):
        if isinstance(q.subject, ox.NamedNode) and q.predicate not in properties and q.subject not in notes:
            about[q.subject.value.partition("#")[0]].append(q)
    return about
