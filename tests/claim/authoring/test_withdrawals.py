"""Notices that are written into documents of any form say what they should, and leave the rest as it is."""

from pathlib import Path

import pytest

from quoth.claim.authoring.withdrawals import Notice, articles, reason, with_notices
from quoth.claim.model.namespaces import QUOTH, RDFS
from quoth.claim.reading.document import read
from quoth.errors import UsageError

from ...conftest import BASE
from ...small_article import BEAM, document

CLAIM = f"{BASE}id/claim/bridge/"
WHY = 'It says “cracked”, not "broke": \\ # {no, [really]} 🙂.'
GIVEN = [Notice(CLAIM + slug, WHY, f"{BASE}id/org/quoth", "2026-11-28", [CLAIM + "beam-cracked"]) for slug in "ab"]
EARLIER = "{id: z, reason: It was wrong., by: id/org/quoth, date: 2026-11-25}"
WHOLE = document(BEAM)
FORMS = {
    "no list": WHOLE,
    "no line end": WHOLE.rstrip(),
    "other line ends": WHOLE.replace("\n", "\r\n"),
    "a list": f"{WHOLE}withdrawn:\n- {EARLIER} # kept\n",
    "an indented list": f"withdrawn:\n    # kept\n    - {EARLIER}\n{WHOLE}",
    "a list in brackets": f"withdrawn: [{EARLIER}]\n{WHOLE}",
    "an empty list": f"withdrawn: []\n{WHOLE}",
}
ELSEWHERE = {
    "a list that is none": f"withdrawn:\n{WHOLE}",
    "a document in brackets": '{"id": "id/article/bridge", "claims": []}',
    "an indented document": "  id: id/article/bridge\n  language: en\n",
}


def withdrawn(path: Path) -> dict[str, str]:
    """The reason of each notice in a document, by the slug of the claim."""
    quads = [(q.subject, q.predicate, getattr(q.object, "value", "")) for q in read(path, BASE).quads]
    of = {notice: iri.removeprefix(CLAIM) for notice, predicate, iri in quads if predicate == QUOTH.withdraws}
    return {of[notice]: words for notice, predicate, words in quads if predicate == RDFS.comment and notice in of}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_notices_are_added_to_the_document_of_the_article(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bridge.yaml"
    path.write_bytes(text.encode())
    named = articles([path], BASE)
    assert named == {f"{BASE}id/article/bridge": path}
    [(written, amendment)] = with_notices(GIVEN, named, None, BASE).items()
    assert (written, amendment.notices) == (path, [*GIVEN])
    edited = amendment.text
    kept = [line for line in text.splitlines() if line and not line.startswith("withdrawn: [")]
    assert [line for line in edited.splitlines() if line in kept] == kept
    path.write_bytes(edited.encode())
    assert withdrawn(path) == {"a": WHY, "b": WHY} | ({"z": "It was wrong."} if EARLIER in text else {})
    assert edited.count("\r") == (edited.count("\n") if "\r" in text else 0)


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_notices_that_fit_into_no_document_get_one_of_their_own(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bridge.yaml"
    path.write_text(text, "utf-8")
    named = {f"{BASE}id/article/bridge": path}
    with pytest.raises(UsageError, match=r"withdrawn\.yaml"):
        with_notices(GIVEN, named, None, BASE)
    for notices in (GIVEN[:1], GIVEN[1:]):  # the second goes into the file of the first
        [(written, amendment)] = with_notices(notices, named, tmp_path, BASE).items()
        assert written == tmp_path / "withdrawn.yaml"
        written.write_text(amendment.text, "utf-8")
    assert withdrawn(written) == {"a": WHY, "b": WHY}


def test_a_notice_of_an_entity_has_no_article(tmp_path: Path) -> None:
    [path] = with_notices([Notice(f"{BASE}id/org/a", WHY, f"{BASE}id/org/b", "2026-11-28")], {}, tmp_path, BASE)
    assert path.name == "withdrawn.yaml"


@pytest.mark.parametrize("words", ["", "wrong", "It has a bell: \a.", "a  b\n\n c d"])
def test_a_reason_is_a_sentence_that_people_can_read(words: str) -> None:
    with pytest.raises(UsageError, match="fewer than 10"):
        reason(words)
    assert reason(" It was\nwrong. ") == "It was wrong."
