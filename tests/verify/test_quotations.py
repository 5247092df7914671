"""Quotations between marks of any style, apostrophes that are none, quotations that go on with the next paragraph."""

import pytest

from quoth.verify.quotations import quotations
from quoth.verify.submitted import submitted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said: “We won’t go.” And "we will," she said.', ["We won’t go.", "we will,"]),
        ("Er sagte: „Wir gehen.“ Und »das nicht«.", ["Wir gehen.", "das nicht"]),
        ("« Bonjour à tous », dit-il.", ["Bonjour à tous"]),
        ("She wrote ``one thing'' of it.", ["one thing"]),
        ("彼は「行かない」と言った。", ["行かない"]),
        ('He is 6\'2" tall and said "yes we can".', ["yes we can"]),
        ("‘The workers’ rights are ours,’ she said of the workers’ rights.", ["The workers’ rights are ours,"]),
        ("It's 'a very good deal', the '90s 'em.", ["a very good deal"]),
        ("“She said ‘not now’ to me.”", ["She said ‘not now’ to me."]),
        ("“One.\n\n“Two,” he said.\n\n“Three.”", ["One.\n\n“Two,", "Three."]),
        ('"Never closed\n\nNext "one" here.', ["Never closed", "one"]),
        ("“” and “ ” say nothing", []),
        ("“He said “truce” and left,” she said. “So.”", ["He said “truce” and left,", "So."]),
        ('"He said "truce" and left," she said. "So."', ['He said "truce" and left,', "So."]),
        ('“He said "truce" and left,” she said.', ['He said "truce" and left,']),
        ('"A “small” "step"" of it', ['A “small” "step"']),
        ("„Er sagte „nein“ zu uns“, hieß es.", ["Er sagte „nein“ zu uns"]),
        ("“Never closed. She said “so be it” of it.", ["Never closed. She said", "so be it"]),
        ('"Never closed. She said "so be it" of it.', ["so be it"]),
        ("❝One thing❞ and ＂another thing＂.", ["One thing", "another thing"]),
    ],
)
def test_quotations_of_every_style(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in quotations(text)] == expected


def test_marks_take_time_in_line_with_the_length() -> None:
    assert len(quotations("“a " * 20_000 + '" ‘' * 20_000)) < 20_000


def test_markdown_and_html_are_read_as_such_with_places_in_what_was_submitted() -> None:
    text = "# H\n\nHe *said*:\n\n> We will **not** go\n> there [at all](http://x.y/z).\n\n"
    text += "<blockquote><p>We &amp; they</p></blockquote>"
    read = submitted(text)
    blocks = [read.words[block.start : block.end].strip() for block in read.blocks]
    assert blocks == ["We will not go there at all.", "We & they"]
    assert "He said:" in read.words
    place = read.place(read.blocks[1])
    assert text[place.start : place.end].startswith("<p>We &amp; they")
    start = text.index("We will")
    assert read.line_and_column(start) == (5, 3)


def test_latex_quotes_are_no_code_of_markdown() -> None:
    read = submitted("She wrote ``one thing'' and `code` and ``more``.")
    assert read.words == "She wrote ``one thing'' and code and more."
    assert [read.words[span.start : span.end] for span in quotations(read.words)] == ["one thing"]


def test_plain_text_is_what_it_is() -> None:
    text = "Two lines\nof words, 5 > 3 and a_name."
    assert submitted(text).words == text
