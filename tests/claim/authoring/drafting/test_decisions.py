"""The words of an attribution decide the act, and say what was not done."""

import pytest

from quoth.claim.authoring.drafting.decisions import decide, speech_act
from quoth.claim.authoring.drafting.language import language


@pytest.mark.parametrize(
    ("cue", "following", "act"),
    [
        ("warned", "", "warned"),
        ("has also warned", "of floods", "warned"),
        ("asked for", "help", "requested"),
        ("asked", "the council for money", "requested"),
        ("asked", "the mayor , ms lind , to leave", "requested"),
        ("asked", "him not to go", "requested"),
        ("asked that", "the road be shut", "requested"),
        ("was asked", "to resign", "requested"),
        ("were asked", "to stay ashore", "requested"),
        ("asked", "him what he saw", "asked"),
        ("asked why", "the mayor wanted to leave", "asked"),
        ("asked", ", “ is it safe", "asked"),
        ("asked whether", "the pilots wanted to stay", "asked"),
        ("asked", "the pilots how to get there", "asked"),
        ("asked", "the mayor , who wanted to leave", "asked"),
        ("declined", "an offer of help", "refused"),
        ("declined to comment", "on it", "declinedToComment"),
        ("according to", "lind", "said"),
        ("denies", "it", "denied"),
        ("pledged", "a new boat", "promised"),
        ("caution", "that it may rain", "warned"),
        ("is expected", "to sail", "forecast"),
        ("found", "that it leaks", "assessed"),
        ("wants", "to sell the mill", "hoped"),
    ],
)
def test_the_words_of_a_cue_show_its_act(cue: str, following: str, act: str) -> None:
    assert speech_act(cue.split(), following.split()) == (act, True)


def test_other_words_show_none() -> None:
    assert speech_act(["doodled"]) == ("said", False)


@pytest.mark.parametrize(
    ("cue", "act", "denied"),
    [
        ("have not confirmed", "said", True),
        ("did not say", "said", True),
        ("doesn't believe", "doubted", False),
        ("refused to confirm", "refused", False),
        ("declined to comment", "declinedToComment", False),
        ("would not agree to", "refused", False),
        ("would neither confirm nor deny", "declinedToComment", False),
        ("declined to say", "declinedToComment", False),
        ("confirmed", "confirmed", False),
    ],
)
def test_a_negated_cue_is_not_its_act(cue: str, act: str, denied: bool) -> None:
    english = language("en")
    assert english
    decision = decide(cue.split(), [], "a boat was missing", english)
    assert (decision.act, decision.denied) == (act, denied)


def test_hints_for_a_content() -> None:
    english = language("en")
    assert english
    assert decide(["said"], [], "it may not rain", english).hints == ("certainty: possible", "polarity: negative")
    assert decide(["said"], [], "the ferry will sail", english).hints == ("tense: future",)
    assert decide(["claims"], [], "it rains", english).distant


def test_hints_for_a_content_in_german() -> None:
    german = language("de")
    assert german
    said = "die Fähre fährt vielleicht nicht"
    assert decide(["said"], [], said, german).hints == ("certainty: possible", "polarity: negative")
    assert decide(["said"], [], "die Fähre fährt morgen", german).hints == ("tense: future",)
    assert decide(["has", "not", "confirmed"], [], "ein Boot fehlt", german).denied
