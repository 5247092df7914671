"""Markdown out of hostile words: whatever a document quotes is shown as it is, and leads nowhere."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from quoth.web.proof.markdown import escaped

HOSTILE = [
    "[x](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<http://evil.example>",
    "http://evil.example www.evil.example mailto:a@evil.example",
    "`code` ``more``",
    "a | b | c",
    "one\n\n# two\n\n- three",
    "1. first",
    "- - -",
    "=====",
    "***bold***",
    "~~~\nfence",
    "&lt;b&gt; &amp;",
    "[^1]: note",
    "[x]: http://evil.example",
    "a  \nb",
    "\\[x\\](y)",
    "> quote",
    "+ plus",
    "a\u2028# b\u0085# c",
    "$x$",
]


def text_of(markdown: str) -> str:
    """The text that Markdown shows; raises AssertionError where there is anything but text in one paragraph."""
    html = MarkdownIt("gfm-like", {"html": True}).disable("linkify").render(markdown)
    [paragraph] = re.findall(r"\A<p>(.*)</p>\n\Z", html, re.DOTALL)
    assert "<" not in paragraph
    return paragraph.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")  # type: ignore[no-any-return]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_text(words: str) -> None:
    assert text_of(escaped(words)) == re.sub(r"[\s\u2028\x85]+", " ", words)
    assert text_of(f"| {escaped(words)}").count("|") == 1 + words.count("|")


@settings(deadline=None, database=None, derandomize=True)
@given(st.text(alphabet="[](){}<>*_`~#+-=.!|\\&:;$^ \n\taw1é/", max_size=30))
def test_any_words_are_text(words: str) -> None:
    shown = " ".join(words.split())
    if shown:
        assert text_of("x " + escaped(words.strip())) == f"x {shown}"
        assert text_of(escaped(words.strip())) == shown


@pytest.mark.parametrize(
    "words", ["http://evil.example", "HTTPS://evil.example", "see www.evil.example/x", "ftp://e.x"]
)
def test_no_word_becomes_a_link_by_itself(words: str) -> None:
    # GitHub's extension looks for these in the source, where the escape stands in between.
    assert not re.search(r"(?i)(https?|ftp)://|www\.", escaped(words))
