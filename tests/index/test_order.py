"""Claims keep an order while others come between them."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.index import order

ARTICLES = st.dictionaries(st.sampled_from(["", *"abcdefgh"]), st.integers(1, 9), max_size=6)


def put(connection: sqlite3.Connection, article: str, numbers: dict[str, int]) -> None:
    connection.execute("INSERT OR IGNORE INTO term (iri) VALUES (?)", [article])
    text = "INSERT INTO claim SELECT ?, ?, CASE WHEN iri <> '' THEN id END FROM term WHERE iri = ?"
    connection.executemany(text, [(number, claim, article) for claim, number in numbers.items()])


@pytest.mark.parametrize("bits", [2, 20])
@pytest.mark.parametrize("apart", [1, 4, 1 << 24])
@given(
    articles=ARTICLES, changes=st.lists(st.tuples(st.sampled_from(["", *"abcdefgh"]), st.integers(0, 9)), max_size=9)
)
def test_claims_are_in_the_order_of_articles(
    bits: int, apart: int, articles: dict[str, int], changes: list[tuple[str, int]]
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "_BITS", bits)
        patch.setattr(order, "_APART", apart)
        connection.execute("CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT UNIQUE)")
        connection.execute("CREATE TABLE claim (id INTEGER PRIMARY KEY, iri TEXT, article INTEGER)")
        named = {article: [f"{article}{place}" for place in range(size)] for article, size in articles.items()}
        numbers = order.of_all(named)
        for article, claims in named.items():
            put(connection, article, {claim: numbers[claim] for claim in claims})
        for article, size in changes:
            claims = [f"{article}{place}" for place in range(size)]
            connection.execute("INSERT OR IGNORE INTO term (iri) VALUES (?)", [article])
            where = "article IS (SELECT id FROM term WHERE iri = ? AND iri <> '')"
            [(old,)] = connection.execute(f"SELECT min(id) FROM claim WHERE {where}", [article])
            connection.execute(f"DELETE FROM claim WHERE {where}", [article])
            slot = order.slot(connection, article, size, old)
            if slot is None:
                assert apart < 1 << 24
                return
            put(connection, article, order.of_slot(slot, claims))
            named[article] = claims
            in_order = [claim for (claim,) in connection.execute("SELECT iri FROM claim ORDER BY id")]
            assert in_order == [claim for article in sorted(named) for claim in named[article]]
