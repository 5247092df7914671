"""The page of an article with very many claims: in pages, in the order of the text, with a map of who speaks when."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from quoth.web.documents import long_article, pages
from quoth.web.present import speech_map

HTML = {"Accept": "text/html"}
PATH = "/doc/article/harbour"
CLAIMS, PER_PAGE = 27, 10


@pytest.fixture(autouse=True)
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the 27 claims of the fictional article for very many."""
    monkeypatch.setattr(pages, "STATEMENTS_LIMIT", CLAIMS - 1)
    monkeypatch.setattr(long_article, "PAGE_CLAIMS", PER_PAGE)
    monkeypatch.setattr(speech_map, "SHOWN", 2)


def every(client: FlaskClient) -> Iterator[str]:
    for number in (1, 2, 3):
        reply = client.get(f"{PATH}?claims={number}", headers=HTML)
        assert reply.status_code == 200
        yield reply.text


def listed(page: str) -> list[tuple[str, int]]:
    """The claims on a page with the places of their words, in its order."""
    section = page.split('id="h-claims"')[1].split("</section>\n{% endif", 1)[0].split('id="h-mentions"')[0]
    rows = re.findall(r'<li class="claim-row">(.*?)</li>', section, re.DOTALL)
    return [
        (re.findall(r"/doc/(claim/harbour/[\w.-]+)", row)[0], int(re.findall(r"(?<=>)\s*(\d+)(?=\s*<)", row)[0]))
        for row in rows
    ]


def test_every_claim_is_on_one_page_in_the_order_of_the_text(client: FlaskClient) -> None:
    parts = [listed(page) for page in every(client)]
    assert [len(part) for part in parts] == [10, 10, 7]
    claims = [claim for part in parts for claim, _ in part]
    assert len({*claims}) == CLAIMS
    places = [place for part in parts for _, place in part]
    assert places == sorted(places)


def test_a_page_that_is_not_there_is_none(client: FlaskClient) -> None:
    assert client.get(f"{PATH}?claims=4", headers=HTML).status_code == 404
    assert client.get(f"{PATH}?claims=none", headers=HTML).status_code == 400


def test_the_map_has_each_turn_and_leads_to_it(client: FlaskClient) -> None:
    whole = [*every(client)]
    turns = whole[0].split('class="turns"')[1].split("</details>")[0]
    entries = re.findall(r'<a href="([^"#]*)#(turn-\d+)">([^<]*)</a> <span class="count">(\d+)<', turns)
    assert sum(int(count) for *_, count in entries) == CLAIMS
    assert [(speaker, count) for *_, speaker, count in entries][:2] == [
        ("The harbour office", "3"),
        ("Mara Lind and Orrin Tay", "1"),
    ]
    for href, fragment, *_ in entries:
        number = int(re.findall(r"claims=(\d+)", href)[0]) if "claims=" in href else 1
        assert f'id="{fragment}"' in whole[number - 1]
    # No two neighbours have one speaker: they would be one turn.
    assert all(one[2] != two[2] for one, two in pairwise(entries) if one[2] != "Unclear who")
    places = [int(fragment.removeprefix("turn-")) for _, fragment, *_ in entries]
    assert places == sorted({*places})


def test_the_lines_of_the_map_are_the_speakers_with_the_number_of_their_claims(client: FlaskClient) -> None:
    [table, rest] = re.findall(r'<table class="strip">.*?</table>', next(every(client)), re.DOTALL)
    assert "where each of its" in table
    lines = re.findall(r"<tr class=.*?</tr>", table + rest, re.DOTALL)
    counts = [int(re.findall(r'class="number">(\d+)', line)[0]) for line in lines]
    assert (sum(counts), counts) == (CLAIMS, sorted(counts, reverse=True))
    # Each line says in words what its marks show.
    for line, count in zip(lines, counts, strict=True):
        said = int(re.findall(r'visually-hidden">(\d+) turns? between', line)[0])
        assert len(re.findall(r"M\d+ 0h\d+v10", line)) == said
        if href := re.findall(r'<th scope="row"><a href="([^"]*)"', line):
            total = client.get(href[0].replace("&amp;", "&"), headers=HTML).text
            # What several say together is a line of its own, and among what each of them says.
            assert int(re.findall(r'<h1>Claims <span class="count">(\d+)', total)[0]) >= count
