"""The speech act that the words of a cue stand for."""

import pytest

from quoth.claim.importing import acts
from quoth.claim.model.ontology import concepts

CUES = [
    ("has warned", "warned"),
    ("per", "said"),
    ("", "said"),
    (":", "said"),
    ("declined to comment", "declinedToComment"),
    ("did not immediately respond", "didNotRespond"),
    ("could not be reached", "couldNotBeReached"),
    ("asked", "asked"),
    ("asked the mayor of Velm to", "requested"),
    ("told reporters", "said"),
    ("Promised\n  again", "promised"),
    ("endorsed", "supported"),
    ("has long opposed", "opposed"),
    ("are against", "opposed"),
    ("plans", "intended"),
    ("intends to", "intended"),
    ("believes", "assessed"),
    ("seemed", "assessed"),
    ("wants", "hoped"),
    ("would like", "hoped"),
    ("tweeted", "said"),
    ("blasted", "criticised"),
    ("declined to say", "declinedToComment"),
    ("refusing to acknowledge", "refused"),
    ("voted against", "opposed"),
    ("promotes", "supported"),
    ("is deeply concerned", "feared"),
    ("remained confident", "assessed"),
    ("did not return", "didNotRespond"),
    # What was not done is not the act.
    ("has not confirmed", "said"),
    ("won’t confirm", "said"),
    ("neither confirmed nor denied", "declinedToComment"),
    ("never denied", "said"),
    ("did not agree", "said"),
    ("does not believe", "said"),
    ("warned them not to", "warned"),
    ("insists he does not know", "insisted"),
    # Only some levels and sources can have these.
    ("reported", "said"),
    ("recorded", "said"),
]


@pytest.mark.parametrize(("cue", "act"), CUES)
def test_a_cue_stands_for_the_act_that_its_words_name(cue: str, act: str) -> None:
    assert act in concepts("speechAct")
    assert acts.of_cue(cue) == act
