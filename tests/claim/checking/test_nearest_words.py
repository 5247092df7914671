"""A quotation that is not in its text is refused, and shown where it all but occurs, or the nearest words."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.authoring import fill_offsets
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.nearest_words import SEARCH_LIMIT, TextSearch, as_written
from quoth.claim.reading import yaml_syntax

from .written import BASE, checked, document

BOAT = "The ferry was\u00a0late. The caf\u0065\u0301’s clo\u00adsed…\r\nIt rained — twice.\r\n"


@pytest.mark.parametrize(
    ("quotation", "start", "difference", "written"),
    [
        (
            "ferry was late",
            4,
            "U+00A0 NO-BREAK SPACE where the quotation has U+0020 SPACE",
            r'"ferry was\u00A0late"',
        ),
        (
            "The café’s",
            20,
            "U+0065 LATIN SMALL LETTER E and U+0301 COMBINING ACUTE ACCENT where the quotation has U+00E9 LATIN SMALL"
            " LETTER E WITH ACUTE",
            r'"The cafe\u0301’s"',
        ),
        ("closed", 32, "U+00AD SOFT HYPHEN where the quotation has nothing", r'"clo\u00ADsed"'),
        (
            "’s clo\u00adsed...",
            29,
            "U+2026 HORIZONTAL ELLIPSIS where the quotation has U+002E FULL STOP and U+002E FULL STOP and U+002E FULL"
            " STOP",
            r'"’s clo\u00ADsed…"',
        ),
        (
            "'s clo\u00adsed",
            29,
            "U+2019 RIGHT SINGLE QUOTATION MARK where the quotation has U+0027 APOSTROPHE",
            r'"’s clo\u00ADsed"',
        ),
        (
            "…\nIt rained",
            39,
            "U+000D CARRIAGE RETURN where the quotation has nothing",
            r'"…\r\nIt rained"',
        ),
        ("rained - twice", 45, "U+2014 EM DASH where the quotation has U+002D HYPHEN-MINUS", '"rained — twice"'),
        (
            "the ferry",
            0,
            "U+0054 LATIN CAPITAL LETTER T where the quotation has U+0074 LATIN SMALL LETTER T",
            '"The ferry"',
        ),
    ],
)
def test_what_looks_the_same_is_refused_and_shown(quotation: str, start: int, difference: str, written: str) -> None:
    nearest = TextSearch(BOAT).nearest(quotation)
    assert nearest
    assert (nearest.start, nearest.alike, nearest.difference) == (start, True, difference)
    assert BOAT[nearest.start :].startswith(nearest.words)
    assert as_written(nearest.words) == written


def test_the_check_says_which_character_differs_and_what_to_write(tmp_path: Path) -> None:
    written = document(BOAT, "ferry was late").replace("cue: {exact: told, start: -1, end: 3}", "cue: rained")
    [finding] = [f for f in checked(tmp_path, written, BOAT).findings if f.rule == "anchor-quotation"]
    assert str(finding).endswith(
        "the quotation “ferry was late” almost occurs at 4: the text has U+00A0 NO-BREAK SPACE where the quotation has"
        r' U+0020 SPACE; write exact: "ferry was\u00A0late"'
    )
    corrected = written.replace('exact: "ferry was late"', finding.remedy.removeprefix("write "))
    assert not [f for f in checked(tmp_path, corrected, BOAT).findings if f.rule == "anchor-quotation"]


@pytest.mark.parametrize(
    ("quotation", "words"),
    [
        ("It reigned twice", "It rained — twice"),
        ("ferries was very late", "The ferry was\u00a0late"),
        ("Nobody has ever seen this", None),
        ("", None),
        ("\u00ad", None),
    ],
)
def test_the_nearest_words_are_whole_ones(quotation: str, words: str | None) -> None:
    nearest = TextSearch(BOAT).nearest(quotation)
    assert (nearest.words if nearest else None) == words


@given(st.text(alphabet="aé\u0301 ’'\u00ad…\r\n—x", max_size=60), st.text(alphabet="ae\u0301 '.-\n", max_size=12))
def test_what_is_shown_is_in_the_text(text: str, quotation: str) -> None:
    nearest = TextSearch(text).nearest(quotation)
    assert nearest is None or text[nearest.start :].startswith(nearest.words)


@given(st.text(max_size=30).filter(lambda t: "\ufeff" not in t and t.isprintable()))
def test_what_is_to_be_written_reads_back(words: str) -> None:
    [value] = yaml_syntax.parse(f"a: {as_written(words)}", Path("a.yaml")).values()
    assert value == words


def test_a_wrong_prefix_is_shown_beside_that_of_the_text(tmp_path: Path) -> None:
    written = document().replace('late", start', 'late", prefix: "if ", start')
    [finding] = [f for f in checked(tmp_path, written).findings if f.rule == "anchor-quotation"]
    assert finding.message == (
        "the quotation “the ferry was late” is at 40, but not with its prefix and suffix: at 40 the text has “at ”"
        " before it"
    )


def test_many_wrong_quotations_of_a_long_text_take_bounded_time() -> None:
    text = "The ferry was late because of the fog. " * 20_000
    search = TextSearch(text)
    began = time.process_time()
    near = [search.nearest(f"The ferry was late because of the frog, {n} times") for n in range(1000)]
    assert sum(n is not None for n in near) == SEARCH_LIMIT // len(text)
    assert time.process_time() - began < 60  # five times what it needs


def test_check_and_offsets_agree_on_a_bare_date(tmp_path: Path) -> None:
    text = "The ferry of 2026-11-28 told 40 people: late.\n"
    written = document(text, "late").replace('{exact: "late", start: 40, end: 44}', "2026-11-28")
    report = checked(tmp_path, written, text)
    assert [f.remedy for f in report.findings if "offsets" in f.message] == ["run quoth draft --anchors on this file"]
    filled, count, findings = fill_offsets.fill(tmp_path / "a.yaml", BASE, Texts(tmp_path / "texts"))
    assert (count, findings) == (1, [])
    assert "start: 13" in filled
    assert not [f for f in checked(tmp_path, filled, text).findings if "offsets" in f.message]


def test_offsets_are_not_filled_into_what_is_nearly_the_same(tmp_path: Path) -> None:
    written = document(BOAT, "ferry was late").replace("cue: {exact: told, start: -1, end: 3}", "cue: rained")
    checked(tmp_path, written, BOAT)
    filled, count, [finding] = fill_offsets.fill(tmp_path / "a.yaml", BASE, Texts(tmp_path / "texts"))
    assert (count, 'exact: "ferry was late"' in filled) == (1, True)
    assert "NO-BREAK SPACE" in finding.message
