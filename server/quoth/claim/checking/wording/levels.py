"""Levels of attribution beside the words that attribute: the act, and the stance of whoever reports it."""

import re
from collections.abc import Collection, Iterator

from quoth.claim.checking.wording.lexicon import Lexicon
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.namespaces import ONTOLOGY_IRI, QUOTH, SPEECH_ACT, STANCE
from quoth.claim.model.report import Finding
from quoth.claim.rules.vocabulary import Vocabulary

SPEECH_ACTS = f"{ONTOLOGY_IRI}/speech-act"
_PLAIN = (SPEECH_ACT.said, SPEECH_ACT.stated, SPEECH_ACT.reported, SPEECH_ACT.recorded, SPEECH_ACT.assessed)
UNMARKED = frozenset(act.value for act in (*_PLAIN, SPEECH_ACT.forecast))
"""Acts that any words that attribute can show: “according to”, “said”."""
_LETTERS = re.compile(r"[^\W\d_]+")
_SCARE_QUOTES = re.compile(r"[“\"]\w+(?: \w+)?[”\"]")


def cue_verb(
    level: str, cue: str, act: str, words: Lexicon, vocabulary: Vocabulary, small: Collection[str] | None
) -> Iterator[Finding]:
    """A warning where nothing in the cue attributes. No list has all words by which people show what they think (“is
    wary of”), so that where ``small`` has the words that certainly do not attribute, any other word is taken to.
    """
    if not cue or not act or (small is not None and any(w.lower() not in small for w in _LETTERS.findall(cue))):
        return
    if not (words.attributing.search(cue) or vocabulary.shown(SPEECH_ACTS, cue)):
        message = f"the cue {excerpt(cue)} has no verb of saying, and no other attributing words"
        remedy = "quote the attributing words with their verb, or use mention if the words only name the source"
        yield Finding(message, "cue-verb", "Warning", focus=level, value=cue, remedy=remedy)


def act_words(level: str, cue: str, act: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A warning where the act is a special one, and its words are not in the cue."""
    known = vocabulary.scheme(act) == SPEECH_ACTS
    if cue and known and act not in UNMARKED and not vocabulary.shows(act, cue):
        name = vocabulary.concept(act).name
        message = f"the cue {excerpt(cue)} has no word for the act that is coded, {name}"
        remedy = "set the act that the words name (said, where they name none), or quote the words that name it"
        yield Finding(message, "act-words", "Warning", focus=level, value=cue, remedy=remedy)


def stance_words(level: str, cue: str, act: str, stance: str, quoted: str, words: Lexicon) -> Iterator[Finding]:
    """A warning where the stance of the level around this one, and the words that report it, are at odds. A stance that
    is not coded is at odds with nothing."""
    if not stance:
        return
    reserve = act != SPEECH_ACT.claimedResponsibility.value and words.distancing.search(cue)
    marked = _SCARE_QUOTES.search(quoted)
    found = message = ""
    if reserve and stance != STANCE.distances.value:
        found = reserve[0]
        message = f"the cue says {excerpt(found)}, but the level around it does not distance itself"
    elif marked and stance == STANCE.endorses.value:
        found = marked[0]
        message = f"its words have {found} in quotation marks, but the level around it endorses what is said"
    elif cue and stance == STANCE.distances.value and not (reserve or marked or words.distancing.search(quoted)):
        found = cue
        message = (
            f"the level around it distances itself, but neither its cue {excerpt(cue)} nor quotation marks show that"
        )
    if message:
        remedy = "set the stance of the level around it to match its words: distances, neutral or endorses"
        yield Finding(
            message, "stance-words", "Warning", focus=level, path=QUOTH.stance.value, value=found, remedy=remedy
        )
