"""The sentence around a quotation: from the operator's text, and from nothing else."""

import dataclasses
import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from quoth.claim.checking.anchors import Texts, sha256
from quoth.claim.model.claim_summary import Quote
from quoth.config import Settings
from quoth.engine.embedded import EmbeddedEngine
from quoth.release.release import Release
from quoth.web.app import create_app
from quoth.web.core.site import Site
from quoth.web.present.excerpt import LENGTH, excerpts

from ...conftest import CORPUS

LONG = " ".join(["word"] * 100)
TEXT = (
    "It rained. The ferry was late, the office said, and nobody was hurt. All slept.\n\n"
    f"Then {LONG} the bridge {LONG} was closed.\n\n{'水' * 400}橋{'水' * 400}"
)


@pytest.fixture
def excerpt(app: Flask, tmp_path: Path) -> Callable[..., list[str]]:
    """The excerpts of quotations from TEXT, these in brackets; ``other``: what the operator has instead of it."""

    def shown(*words: str | Quote, other: str | None = None) -> list[str]:
        file = tmp_path / "article.txt"
        file.write_text(TEXT, "utf-8")
        site: Site = dataclasses.replace(app.extensions["quoth"], texts=Texts(tmp_path))
        recorded = sha256(file)
        if other is not None:
            file.write_text(other, "utf-8")
        quotes = [w if isinstance(w, Quote) else quote(w) for w in words]
        return [
            "".join(f"[{p.words}]" if p.quote else p.words for p in pieces)
            for pieces in excerpts(site, quotes, recorded)
        ]

    return shown


def quote(words: str, prefix: str = "", suffix: str = "") -> Quote:
    return Quote(words, prefix, suffix, TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["office said"], ["The ferry was late, the [office said], and nobody was hurt."], id="a sentence"),
        pytest.param(["It rained"], ["[It rained]."], id="the first"),
        pytest.param(["All slept."], ["[All slept.]"], id="a whole one"),
        pytest.param(
            ["ferry", "nobody"], ["The [ferry] was late, the office said, and [nobody] was hurt."], id="two in one"
        ),
        pytest.param(
            ["rained", "ferry was late"],
            ["It [rained].", "The [ferry was late], the office said, and nobody was hurt."],
            id="two in two",
        ),
        pytest.param(
            ["hurt. All"],
            ["The ferry was late, the office said, and nobody was [hurt. All] slept."],
            id="across an end",
        ),
    ],
)  # fmt: skip
def test_a_quotation_stands_in_its_sentence(
    excerpt: Callable[..., list[str]], words: list[str], expected: list[str]
) -> None:
    assert excerpt(*words) == expected


def test_a_long_sentence_is_cut_at_words(excerpt: Callable[..., list[str]]) -> None:
    [shown] = excerpt("the bridge")
    before, after = re.split(r"\[the bridge\]", shown)
    assert re.fullmatch(r"… (word )+", before)
    assert re.fullmatch(r"( word)+ …", after)
    assert LENGTH - 15 < len(shown) <= LENGTH + 6
    [first] = excerpt("Then word")
    assert re.fullmatch(r"\[Then word\]( word)+ …", first)
    assert LENGTH - 15 < len(first) <= LENGTH + 6
    assert [len(part) for part in excerpt("Then", "closed")] == pytest.approx([LENGTH, LENGTH], abs=10)
    [without_spaces] = excerpt("橋")
    assert re.fullmatch(r"… 水+\[橋\]水+ …", without_spaces)
    assert len(without_spaces) <= LENGTH + 6


@pytest.mark.parametrize("other", [TEXT + "\n", "", "\0"], ids=["changed", "empty", "another"])
def test_another_text_is_not_shown(excerpt: Callable[..., list[str]], other: str) -> None:
    said = quote("office said", "the ", ", and")
    assert excerpt(said, other=other) == ["… the [office said], and …"]
    assert excerpt("office said", other=other) == ["[office said]"]


def test_offsets_of_other_words_show_nothing_of_the_text(excerpt: Callable[..., list[str]]) -> None:
    said = quote("office said", "the ")
    for start, end in ((0, 11), (None, None), (-5, 6), (10_000, 10_011)):
        assert excerpt(dataclasses.replace(said, start=start, end=end)) == ["… the [office said]"]


def test_a_text_that_is_no_utf_8_is_not_shown(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(b"\xff the office said")
    site = dataclasses.replace(app.extensions["quoth"], texts=Texts(tmp_path))
    [[piece]] = excerpts(site, [Quote("the", "", "", 2, 5)], sha256(file))
    assert piece.words == "the"


def test_a_page_shows_the_sentence_where_the_operator_has_the_text(
    settings: Settings, engine: EmbeddedEngine, release: Release, tmp_path: Path, text: str
) -> None:
    shutil.copy(CORPUS / "harbour.txt", tmp_path)

    def passage(application: Flask, name: str) -> tuple[str, str | None]:
        response = application.test_client().get(f"/doc/claim/harbour/{name}", headers={"Accept": "text/html"})
        [block] = re.findall(r"<blockquote.*?>(.*?)</blockquote>", response.text, re.DOTALL)
        words = re.sub(r'<span class="offsets".*?</span>|<[^>]+>', "", block)
        return html.unescape(words).strip(), response.headers.get("ETag")

    without = create_app(settings, engine, release)
    application = create_app(dataclasses.replace(settings, texts=tmp_path), engine, release)
    shown, etag = passage(application, "crates-hold-tea")
    assert shown == "The crates may hold untaxed tea."
    assert shown in text
    plain, plain_etag = passage(without, "crates-hold-tea")
    assert plain in shown
    assert etag != plain_etag
    assert passage(without, "ferry-late")[0] == "… — the ferry was late", "the prefix of its anchor"
    nobody, _ = passage(application, "nobody-hurt")
    assert nobody in text
    assert nobody.startswith("“Nobody was hurt,” confirmed Mara Lind")
