"""The words of pages: the examples in their modules hold."""

import doctest
import re
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import nearest_ids
from quoth.claim.model import coverage, excerpts, quotation_marks
from quoth.claim.rules import labels
from quoth.http import accept_language
from quoth.web.documents import withdrawal
from quoth.web.present import languages, phrases
from quoth.web.present.claim_view import Claim, Level, Ref


@pytest.mark.parametrize(
    "module",
    [accept_language, coverage, excerpts, labels, languages, nearest_ids, phrases, quotation_marks, withdrawal],
)
def test_the_examples_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    "path", ["/", "/doc/org/velm-salt", "/doc/article/harbour", "/doc/claim/harbour/no-ties", "/search?q=ferry"]
)
def test_cards_and_rows_say_what_is_out_of_the_ordinary(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    lists = re.findall(r'<ul class="attributes">(.*?)</ul>', text, re.DOTALL)
    assert not re.findall(r"v-(certain|positive|actual)\b", " ".join(lists))
    assert path != "/doc/org/velm-salt" or "v-negative" in " ".join(lists)


@pytest.mark.parametrize(
    ("path", "message", "remedy"),
    [
        ("/entities?kind=zz", "'zz' is not a kind", "use one of organisations, people, groups, places, others"),
        ("/claims?acts=zz", "'zz' is not a value of acts", "the values are only, none"),
        (
            "/claims?published-from=2026&published-to=2025",
            "published-from (2026) is later than published-to (2025)",
            "swap them",
        ),
        ("/releases/7", "release 7 is not kept here", "kept releases: 1"),
    ],
)
def test_an_error_is_in_plain_words(client: FlaskClient, path: str, message: str, remedy: str) -> None:
    problem = client.get(path, headers={"Accept": "application/json"}).get_json()
    assert message in problem["detail"]
    assert remedy in problem["detail"] + problem.get("remedy", "")


def test_a_list_names_kinds_as_people_do(client: FlaskClient) -> None:
    kinds = re.findall(r'<td class="quiet">(.*?)</td>', client.get("/sources.html").text)
    assert "person or body" in kinds
    assert "agent" not in kinds


@pytest.mark.parametrize(
    ("act", "addressed", "clause"),
    [
        ("accused", False, "Lind made this accusation"),
        ("denied", False, "Lind denied this"),
        ("said", False, "Lind said"),
        ("warned", False, "Lind warned of this"),
        ("warned", True, "Lind warned the guild"),
        ("offered", True, "Lind offered this to the guild"),
    ],
)
def test_a_verb_that_needs_an_object_has_one(act: str, addressed: bool, clause: str) -> None:
    lind, guild = Ref("lind", "Lind", None), Ref("guild", "the guild", None)
    level = Level([lind], [guild] if addressed else [], act, None, "neutral", "explicit", None, False, act)
    assert level.clause == clause


@pytest.mark.parametrize(
    ("act", "polarity", "certainty", "realis", "manner"),
    [
        ("said", "positive", "certain", "actual", "Stated without hedging."),
        ("said", "positive", "possible", "actual", "Stated as possibly true."),
        ("said", "positive", "certain", "conditional", "Stated without hedging, on a condition."),
        ("said", "negative", "probable", "actual", "Stated to be probably untrue."),
        ("denied", "negative", "certain", "actual", "Denied flatly."),
        (
            "offered",
            "positive",
            "unknown",
            "proposed",
            "Stated, as the terms of a proposal. How certain is not stated.",
        ),
    ],
)
def test_the_manner_of_a_claim_is_a_sentence(act: str, polarity: str, certainty: str, realis: str, manner: str) -> None:
    article = Level([], [], "reported", None, "unclear", "explicit", None, True)
    level = Level([Ref("lind", "Lind", None)], [], act, None, "endorses", "explicit", None, False, act)
    a, b, c = (Ref(f"https://example.org/ns#{value}", value, None) for value in (certainty, polarity, realis))
    claim = Claim(Ref("c", "c", None), [level, article], [], a, b, c, None, None, None)
    assert claim.manner == manner
