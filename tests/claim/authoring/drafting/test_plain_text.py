"""Markup, page breaks and marks are passed over, and every place stays that of the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quoth.claim.authoring import draft
from quoth.claim.authoring.drafting.plain_text import NOTICES, plain_text
from quoth.claim.authoring.spans import Span


@pytest.mark.parametrize(
    ("text", "words", "notice"),
    [
        ("\ufeffThe ferry was late.", "The ferry was late.", "mark"),
        ("<p>The <b>ferry</b> was late &amp; slow.</p>", "\n\nThe ferry was late & slow.\n\n", "html"),
        ("<head><title>x</title></head><p>Late.<!-- no -->", "\n\n\n\nLate.\n\n", "html"),
        ("He said that the fer-\nry was late.", "He said that the ferry was late.", "hyphen"),
        ("The end of a page\fis not that of a sentence.", "The end of a page is not that of a sentence.", "feed"),
        ("The end.\fNext page.", "The end.\n\nNext page.", "feed"),
        (
            "The harbour office said on Monday that the\r\nferry had been late, because of the fog that\r\ncame.",
            "The harbour office said on Monday that the ferry had been late, because of the fog that came.",
            "wrap",
        ),
    ],
)
def test_what_is_passed_over_is_named(text: str, words: str, notice: str) -> None:
    plain = plain_text(text)
    assert (plain.words, plain.notices) == (words, (NOTICES[notice],))


@pytest.mark.parametrize(
    "text",
    ["a < b and c > d", "AT&T; and Q&A", "Fish & chips", "One line.\nAnother line.\r\n\r\nA third.", "1990-\n1995"],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain_text(text).words == text


@given(st.text(alphabet='aB .,\n\r\f\ufeff-<>/p&;amp#39b"“', max_size=60))
def test_every_character_has_its_place(text: str) -> None:
    plain = plain_text(text)
    assert len(plain.words) == len(plain.begins) == len(plain.ends)
    for number, (begin, end) in enumerate(zip(plain.begins, plain.ends, strict=True)):
        assert 0 <= begin < end <= len(text)
        assert number == 0 or plain.begins[number - 1] <= begin
        assert end - begin > 1 or text[begin] == plain.words[number] or plain.words[number].isspace()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("\ufeffMara Lind said that the boats are old.", "that the boats are old"),
        ("<p>Mara Lind said that the <i>boats</i> are old.</p>", "that the <i>boats</i> are old"),
        ("Mara Lind said that the boats of the har-\nbour are old.", "that the boats of the har-\nbour are old"),
        ("It rained.\r\n\r\nMara Lind said that the boats are old.\r\n", "that the boats are old"),
    ],
)
def test_quotations_are_those_of_the_text(text: str, quoted: str) -> None:
    claims = YAML(typ="safe").load(draft.draft(text, "a"))["claims"]
    [anchor] = [claim["anchor"] for claim in claims if "attribution" in claim]
    assert anchor["exact"] == text[anchor["start"] : anchor["end"]] == quoted


def test_markup_without_an_end_takes_no_more_time() -> None:
    def cpu_s(count: int) -> float:
        began = time.process_time()
        plain_text("<p>" + "<head><script><!-- a" * count)
        return time.process_time() - began

    assert cpu_s(16_000) < 24 * cpu_s(2_000)  # eight times as much for eight times the length, and not 64 times


def test_the_span_of_a_word_that_a_line_end_breaks() -> None:
    plain = plain_text("The fer-\nry was late.")
    assert plain.original(Span(4, 9)) == Span(4, 11)
