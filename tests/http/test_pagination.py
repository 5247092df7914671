"""Pages of long lists."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from quoth.errors import NotFoundError, UsageError
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.search import browse, search

from ..conftest import BASE

ITEMS = list(range(25))


def cut(items: list[int], number: int, size: int, **more: Any) -> Page[int]:
    """The page of that number out of the whole list."""
    rows = items[(number - 1) * size : number * size]
    return pagination.page(rows, number=number, size=size, total=len(items), **more)


def test_pages_hold_every_item_once() -> None:
    pages = [cut(ITEMS, number=n, size=10, path="list") for n in (1, 2, 3)]
    assert [item for page in pages for item in page.items] == ITEMS
    assert [(p.start, p.end, p.total, p.pages) for p in pages] == [(1, 10, 25, 3), (11, 20, 25, 3), (21, 25, 25, 3)]


def test_pages_lead_to_each_other() -> None:
    first, middle, last = (
        cut(ITEMS, number=n, size=10, path="list", link_parameters={"q": "é&"}, parameter="p") for n in (1, 2, 3)
    )
    assert (first.prev, first.next) == (None, "list?q=%C3%A9%26&p=2")
    assert (middle.prev, middle.next) == ("list?q=%C3%A9%26", "list?q=%C3%A9%26&p=3")
    assert (last.prev, last.next) == ("list?q=%C3%A9%26&p=2", None)
    assert [rel for _, rel, _ in middle.links(str)] == ["first", "prev", "next", "last"]
    assert [rel for _, rel, _ in first.links(str)] == ["first", "next", "last"]


def test_a_single_page_has_no_links() -> None:
    empty: Page[int] = cut([], number=1, size=10, path="list")
    assert (empty.pages, empty.start, empty.end, empty.prev, empty.next, empty.links(str)) == (1, 0, 0, None, None, [])


def test_a_page_past_the_last_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="3 pages: there is no page 4"):
        cut(ITEMS, number=4, size=10, path="list")


@pytest.mark.parametrize("raw", ["0", "-1", "1.5", "x", "٣", "99999999", "1 "])
def test_a_malformed_page_number_is_refused(raw: str) -> None:
    with pytest.raises(UsageError):
        pagination.read({"page": raw})


def test_the_first_page_has_no_number_in_its_url() -> None:
    assert (pagination.read({}), pagination.read({"page": ""}), pagination.read({"p": "7"}, "p")) == (1, 1, 7)


@pytest.mark.parametrize("suffix", ["", ".json", ".html"])
@pytest.mark.parametrize("path", ["entities", "search", "claims"])
def test_links_to_pages_keep_the_negotiated_format(
    client: FlaskClient, path: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "PAGE_ROWS", 2)
    monkeypatch.setattr(search, "PAGE_HITS", 2)
    asked = {"entities": "kind=people", "search": "q=the", "claims": "limit=2"}[path]
    accept = {"Accept": "application/json"}
    first = client.get(f"/{path}{suffix}?{asked}", headers=accept)
    turning = {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="(first|prev|next|last)"', first.headers["Link"])}
    assert set(turning) == {"first", "next", "last"}
    assert turning["next"] == f"{BASE}{path}{suffix}?{asked}&page=2"
    second = client.get(turning["next"], headers=accept)
    assert second.content_type == first.content_type
    assert f'<{turning["first"]}>; rel="prev"' in second.headers["Link"]
    if first.mimetype == "application/json":
        target = first.get_json()["next"]
        assert target == f"{BASE}{path}.json?{asked}&page=2"
        assert client.get(target).get_json() == second.get_json()


def test_links_to_pages_keep_the_format_parameter(client: FlaskClient) -> None:
    link = client.get("/claims?format=json&limit=7").headers["Link"]
    assert f'<{BASE}claims.json?limit=7&page=2>; rel="next"' in link


def test_links_of_a_feed_lead_to_feeds(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE_HITS", 2)
    assert f'<{BASE}search.atom?q=the&page=2>; rel="next"' in client.get("/search.atom?q=the").headers["Link"]


def test_following_the_links_gives_the_whole_list(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/entities.json").get_json()
    monkeypatch.setattr(browse, "PAGE_ROWS", 3)
    url, items = "/entities.json", []
    while url:
        page = client.get(url).get_json()
        assert page["total"] == whole["total"]
        items += page["entities"]
        url = page["next"]
    assert items == whole["entities"]
