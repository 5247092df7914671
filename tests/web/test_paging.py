"""Pages of long lists."""

import pytest

from quoth.errors import NotFound, UsageError
from quoth.web import paging

ITEMS = list(range(25))


def test_pages_hold_every_item_once() -> None:
    pages = [paging.cut(ITEMS, number=n, size=10, path="list") for n in (1, 2, 3)]
    assert [item for page in pages for item in page.items] == ITEMS
    assert [(p.start, p.end, p.total, p.pages) for p in pages] == [(1, 10, 25, 3), (11, 20, 25, 3), (21, 25, 25, 3)]


def test_pages_lead_to_each_other() -> None:
    first, middle, last = (
        paging.cut(ITEMS, number=n, size=10, path="list", kept={"q": "é&"}, parameter="p") for n in (1, 2, 3)
    )
    assert (first.prev, first.next) == (None, "list?q=%C3%A9%26&p=2")
    assert (middle.prev, middle.next) == ("list?q=%C3%A9%26", "list?q=%C3%A9%26&p=3")
    assert (last.prev, last.next) == ("list?q=%C3%A9%26&p=2", None)
    assert [rel for _, rel, _ in middle.links(str)] == ["first", "prev", "next", "last"]
    assert [rel for _, rel, _ in first.links(str)] == ["first", "next", "last"]


def test_one_page_needs_no_links() -> None:
    empty: paging.Page[int] = paging.cut([], number=1, size=10, path="list")
    assert (empty.pages, empty.start, empty.end, empty.prev, empty.next, empty.links(str)) == (1, 0, 0, None, None, [])


def test_there_is_no_page_past_the_last() -> None:
    with pytest.raises(NotFound, match="3 pages, and no page 4"):
        paging.cut(ITEMS, number=4, size=10, path="list")


@pytest.mark.parametrize("raw", ["0", "-1", "1.5", "x", "٣", "99999999", "1 "])
def test_what_is_no_number_of_a_page_is_refused(raw: str) -> None:
    with pytest.raises(UsageError):
        paging.read({"page": raw})


def test_the_first_page_needs_no_number() -> None:
    assert (paging.read({}), paging.read({"page": ""}), paging.read({"p": "7"}, "p")) == (1, 1, 7)
