"""The verdicts on a passage: one table with their names, labels and sentences, and which of them fail a build."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """A verdict; its value is its name in JSON and SARIF. VERDICTS has what it means."""

    VERBATIM = "verbatim"
    TYPOGRAPHIC = "typographic-variant"
    PARAPHRASE = "in-other-words"
    ALTERED = "altered"
    SPLICED = "spliced"
    ANOTHER_MOUTH = "another-mouth"
    TURNED_ROUND = "turned-round"
    HEDGE_LOST = "hedge-lost"
    HEDGE_ADDED = "hedge-added"
    HANDS_LOST = "hands-lost"
    HANDS_INVENTED = "hands-invented"
    SCOPE_AMBIGUOUS = "scope-ambiguous"
    WITHDRAWN = "withdrawn-since"
    CORRECTED = "corrected-since"
    IN_TEXT = "in-text-only"
    NOT_ON_RECORD = "not-on-record"


@dataclass(frozen=True)
class Meaning:
    """The meaning of a verdict: its label, a sentence for people, and whether it fails a build."""

    label: str
    sentence: str
    fails: bool


VERDICTS = {
    Verdict.VERBATIM: Meaning("verbatim", "The words are on record as they stand.", False),
    Verdict.TYPOGRAPHIC: Meaning(
        "typographic variant",
        "The words are on record; quotation marks, dashes, case, omissions, brackets or spaces differ.",
        False,
    ),
    Verdict.PARAPHRASE: Meaning(
        "in other words", "Words on record are much the same; the text does not put them in quotation marks.", False
    ),
    Verdict.ALTERED: Meaning("altered", "The words on record differ.", True),
    Verdict.SPLICED: Meaning(
        "spliced", "Words of two places stand as one, without a mark of what is left out between them.", True
    ),
    Verdict.ANOTHER_MOUTH: Meaning(
        "true words, another mouth", "The words are on record, but somebody else is credited with them there.", True
    ),
    Verdict.TURNED_ROUND: Meaning(
        "turned round",
        "The words are on record, but the speaker denies there what they say here, or says there what they deny here.",
        True,
    ),
    Verdict.HEDGE_LOST: Meaning("hedge lost", "A word that leaves it open on record is gone.", True),
    Verdict.HEDGE_ADDED: Meaning("hedge added", "A word that leaves it open is not on record.", True),
    Verdict.HANDS_LOST: Meaning(
        "hands lost", "On record somebody else reports that they were said; the text does not say so.", True
    ),
    Verdict.HANDS_INVENTED: Meaning(
        "hands invented", "The text has somebody report the words who does not on record.", True
    ),
    Verdict.SCOPE_AMBIGUOUS: Meaning(
        "scope ambiguous", "The record leaves open who says it, or how far their words reach.", False
    ),
    Verdict.WITHDRAWN: Meaning("withdrawn since", "An earlier release has the words; they were withdrawn.", True),
    Verdict.CORRECTED: Meaning("corrected since", "An earlier release has the words; they were corrected.", True),
    Verdict.IN_TEXT: Meaning(
        "in the text of an article, but no claim has it",
        "The words stand in the text of an article that is at hand, but no claim quotes them: whose they are is not on"
        " record.",
        False,
    ),
    Verdict.NOT_ON_RECORD: Meaning(
        "not in this corpus",
        "The words are not among the words on record. That says nothing about whether they were said.",
        True,
    ),
}
"""Every verdict with its meaning."""


GOOD = (Verdict.VERBATIM, Verdict.TYPOGRAPHIC, Verdict.PARAPHRASE)
"""Verdicts on words that are as on record."""


class Sureness(Enum):
    """How sure a verdict is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
