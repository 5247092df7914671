"""One finding for one mistake: what follows from another finding is left out.

A shape, a rule and the reading of terms can each find the same value wrong: a name that nothing describes has no type,
so it is no source, no member and nothing to infer about. The finding that says what was written wrongly stays.
"""

from collections.abc import Iterable, Iterator

from rdflib.namespace import SH

from quoth.claim.checking.written_terms import UNDECIDED
from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.model.report import Finding

_NAMES = ("dangling", "relative-iri")
"""Rules about a name: their value is wrong wherever it stands, the more so by the later rule."""

_OF_NAMES = (
    *("act-content", "chain-end", "content-object", "content-subject", "content-type", "inference-concerns"),
    *(
        "inference-bounds",
        "inference-referent",
        "inference-relation",
        "mention-source",
        "mention-who",
        "relation-exclusive",
        "relation-kinds",
        "unknown-type",
    ),
)
"""Rules that ask what a name stands for."""

_GRAPHS = ("empty-content", "orphan-content")
"""Rules about a content graph: its name has no description of its own."""

_SOURCE_WARNINGS = ("cue-mention", "cue-source", "label-speaker")
"""Warnings that compare words with the source of a level."""

_OFFSETS = str(SH.QualifiedMinCountConstraintComponent)
_MIN_LENGTH = str(SH.MinLengthConstraintComponent)
_MIN_COUNT = str(SH.MinCountConstraintComponent)
_KINDS = frozenset(f"{SH}{kind}ConstraintComponent" for kind in ("Node", "Class", "NodeKind", "Datatype", "Or", "Not"))
"""Constraints on what a value is."""

_FORMS = tuple(f"{SH}{kind}ConstraintComponent" for kind in ("MinInclusive", "MaxInclusive", "Pattern"))
_DATATYPE, _PATTERN = f"{SH}DatatypeConstraintComponent", f"{SH}PatternConstraintComponent"
_NODE = f"{SH}NodeConstraintComponent"
_MAX_COUNT, _CLOSED = f"{SH}MaxCountConstraintComponent", f"{SH}ClosedConstraintComponent"

_OF_CODING = (
    *("certainty-unknown", "denied-positive", "forecast-future", "future-actual", "hedge-words", "label-negation"),
    *("negation-words", "predicted-tense", "promised-future", "tense-words", "time-tense"),
)
"""Rules about the certainty, polarity, realis or tense of a claim."""

_OF_WORDS = ("act-words", "cue-verb", "kind-words", "label-words", "stance-words", "type-words")
"""Rules that compare words with a speech act, a stance, a kind or a type of event, which has to be a concept."""

_CONSEQUENCES: tuple[tuple[tuple[str, ...], str, tuple[str, ...], str], ...] = (
    (("language-tag",), "focus", ("language-words", "word-lists"), "focus"),
    (("withdrawn-described",), "value", ("withdrawn-linked", "withdrawn-part"), "value"),
    (("withdrawn-linked",), "value", _OF_NAMES, "value"),
    (("withdrawn-linked",), "value", _OF_NAMES, "focus"),
    (("anchor-quotation",), "focus", (_OFFSETS,), "focus"),
    (("relative-iri",), "focus type", ("unknown-type",), "focus type"),
    (("relative-iri", "unknown-type"), "focus", (*_OF_NAMES, *_KINDS), "value"),
    (("iri-form",), "focus", ("relative-iri",), "owner"),
    ((f"{SH}OrConstraintComponent",), "focus path", ("dangling",), "owner all"),
    ((_DATATYPE,), "focus path value", _FORMS, "focus path value"),
    ((_PATTERN,), "whole", ("text-at-hand", "text-changed"), "focus"),
    ((_MAX_COUNT,), "focus", ("frame",), "focus"),
    (("content-predicate",), "focus value", (_CLOSED, "frame", "unfit-term"), "focus path"),
    (("inference-only",), "focus path value", _NAMES, "focus path value"),
    ((_MAX_COUNT,), "focus", _OF_CODING, "focus"),
    ((_NODE,), "focus", _OF_CODING, "focus"),
    ((_NODE,), "whole", _OF_WORDS, "whole"),
    (("frame",), "focus path", (_CLOSED,), "focus path"),
    ((_CLOSED, "frame"), "focus path", ("relation-kinds",), "value path"),
    ((f"{SH}ClassConstraintComponent",), "value", ("uncoded-level",), "focus"),
    (("dangling", "relative-iri"), "concerns", ("relation-topic",), "concerns"),
)
"""Rules that find a mistake and parts of their findings; rules of what follows from it, and the parts that then are the
same (``_key``)."""


def causes(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each once and in their order, without those that follow from others."""
    once = list(dict.fromkeys(findings))
    names = {f.value: f.rule for rule in _NAMES for f in once if f.rule == rule}
    undecided = {f.focus.partition("#")[0] for f in once if f.rule == "undecided"}
    graphs = {name for f in once if f.rule in _GRAPHS for name in (f.focus, f.value)}
    literals = {(f.focus, f.path, f.value) for f in once if f.rule == "unfit-term"}
    blank = {(f.focus, f.path) for f in once if f.rule == "blank-node"}
    told = [(rules, on, {_key(f, by) for f in once if f.rule in causing}) for causing, by, rules, on in _CONSEQUENCES]
    nameless = {f.focus for f in once if _of_shape(f) and (f.value in names or _without_source(f))}
    nameless |= {focus.partition("#")[0] for focus in nameless}

    def follows(f: Finding) -> bool:
        if f.focus.partition("#")[0] in undecided and (f.severity != "Violation" or _of_undecided(f)):
            return True
        if any(f.rule in rules and _key(f, on) in keys for rules, on, keys in told):
            return True
        if f.severity != "Violation":
            return f.rule in _SOURCE_WARNINGS and f.focus in nameless
        if f.rule in _NAMES:
            return names[f.value] != f.rule or f.value in graphs
        if _of_shape(f):
            unnamed = not f.focus or (f.rule in _KINDS and (f.focus, f.path) in blank)
            if (blank and unnamed) or (f.focus, f.path, f.value) in literals:
                return True
        return (_of_shape(f) or f.rule in _OF_NAMES) and (f.value in names or f.focus in names)

    return _once_for_each_node(f for f in once if not follows(f))


def _once_for_each_node(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, of those about the roles of a node that can have none the first."""
    roles: set[str] = set()
    for f in findings:
        if f.rule != "content-role" or f.focus not in roles:
            yield f
        roles |= {f.focus} if f.rule == "content-role" else set()


def _key(finding: Finding, parts: str) -> tuple[str, ...]:
    """Parts of a finding by which causes and consequences are brought together; ``whole`` and ``owner`` are what the
    focus and the value are parts of, ``type`` and ``concerns`` whether it is about a type or a topic; ``all`` is the
    same for all findings."""
    values = {
        "whole": finding.focus.partition("#")[0],
        "owner": finding.value.partition("#")[0],
        "type": finding.path == RDF.type.value or finding.rule == "unknown-type",
        "concerns": finding.path == QUOTH.concerns.value or finding.rule == "relation-topic",
        "all": "",
    }
    return tuple(str(values.get(part, getattr(finding, part, ""))) for part in parts.split())


def _of_shape(finding: Finding) -> bool:
    return ":" in finding.rule


def _without_source(finding: Finding) -> bool:
    return finding.rule == _MIN_COUNT and finding.path.endswith("#source")


def _of_undecided(finding: Finding) -> bool:
    return _of_shape(finding) and (finding.value.endswith(f"/{UNDECIDED}") or finding.rule == _MIN_LENGTH)
