"""The setting of an engine: its servers, its dialect, its login; and what the guide says of the dialects."""

import tomllib
from pathlib import Path

import pytest

from quoth.config import Settings
from quoth.engine.remote.dialect import dialects, locate
from quoth.errors import UsageError
from quoth.web.core.site import WEB

WRONG = {
    "fuseki+http://localhost:3030": "begin with is missing, or has more",
    "fuseki+http://localhost:3030/a b/c": "of different dialects",
    "fuseki+http://localhost:3030/d%C3%A9": "or has more than ASCII letters",
    "fuseki+http://a/x fuseki+http://b/y": "more than one engine is named",
    "http://a/x http://b/y": "more than one engine is named",
    "fuzeki+http://localhost:3030/velm": "there is no dialect 'fuzeki'",
    "oxigraph+http://localhost:7878": "has room for one release",
    "oxigraph+http://a http://b/query": "of different dialects",
    "virtuoso+http://a virtuoso+http://b": "more than one engine is named",
    "fuseki+http://a/velm?key=1": "has no question mark",
    "oxigraph+http://a oxigraph+http://b#c": "has no question mark",
}


@pytest.mark.parametrize(("engine", "says"), WRONG.items())
def test_what_a_dialect_cannot_use_is_refused(engine: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        locate(engine)
    assert caught.value.remedy


def test_the_login_is_in_no_url_and_no_text(tmp_path: Path) -> None:
    location = locate("fuseki+https://me:p%40ss%3A@example.org:3030/velm/")
    assert location.urls == ["https://example.org:3030/velm"]
    assert (location.user, location.password) == ("me", "p@ss:")
    assert "p@ss" not in repr(location)
    assert location.with_login("https://example.org:3030/velm-1-a/query").startswith("https://me:p%40ss%3A@example.org")
    assert location.dialect is not None
    dataset = f"{location.urls[0]}-1-a"
    assert location.dialect.filled(location.dialect.drop, dataset) == (
        "DELETE https://example.org:3030/$/datasets/velm-1-a"
    )
    digest = locate("virtuoso+http://me:p%40ss@example.org:8890")
    assert digest.with_login("http://example.org:8890/sparql") == "http://example.org:8890/sparql"
    login = tmp_path / "login"
    login.write_text("you:a:b\nmore\n", "utf-8")
    assert (locate("http://example.org/sparql", login).user, locate("http://e/", login).password) == ("you", "a:b")
    for text in ("", "you", ":a"):
        login.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=r"engine_login: .* has no user name and password"):
            locate("http://example.org/sparql", login)


@pytest.mark.parametrize("engine", ["http://me:secret@ho st/x", "fuseki+ftp://me:secret@host/x", "http://me:secret@[x"])
def test_a_url_that_is_none_is_not_shown_for_it_may_have_a_password(engine: str) -> None:
    with pytest.raises(UsageError, match="not an absolute http URL") as caught:
        Settings.from_environment({"QUOTH_ENGINE": engine})
    assert "secret" not in str(caught.value)


def test_quoth_toml_names_an_engine_without_a_password(tmp_path: Path) -> None:
    file = tmp_path / "quoth.toml"
    file.write_text('title = "x"\nengine = "fuseki+http://localhost:3030/velm"\n', "utf-8")
    assert Settings.from_environment({}, paths=[tmp_path]).engine == "fuseki+http://localhost:3030/velm"
    file.write_text('title = "x"\nengine = "fuseki+http://me:secret@localhost:3030/velm"\n', "utf-8")
    with pytest.raises(UsageError, match=r"quoth\.toml:2: a password is in a file that others read") as caught:
        Settings.from_environment({}, paths=[tmp_path])
    assert "secret" not in str(caught.value)


def test_the_guide_has_the_table_of_the_dialects() -> None:
    text = (WEB / "guide" / "engines.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    head = next(row for row in rows if row[0] == "" and len(row) == 1 + len(dialects()))
    column = {row[0]: row[1:] for row in rows if len(row) == len(head)}
    assert [cell.strip("`") for cell in head[1:]] == list(dialects())
    for number, dialect in enumerate(dialects().values()):
        assert column["server"][number] == dialect.label
        kinds = {"many": "many", "slots": "one for each server", "one": "one: "}
        assert column["releases"][number].startswith(kinds[dialect.releases])
        assert column["loading"][number].startswith("one transaction") == dialect.atomic
        assert ("updates" in column["small differences"][number]) == bool(dialect.update)
        assert column["pages"][number].startswith("from it" if dialect.pages else "from the embedded engine")
        for datatype in dialect.rewrites:
            assert f"`{datatype}`" in column["literals"][number]


def test_the_guide_has_the_table_of_the_differences() -> None:
    text = (WEB / "guide" / "engines.md").read_text("utf-8")
    table = text.partition("## Differences")[2].partition("\n## ")[0].split("|---|---|---|\n")[1].partition("\n\n")[0]
    file = Path(__file__).parents[1] / "conformance" / "engine_differences.toml"
    rows = tomllib.loads(file.read_text("utf-8"))["difference"]
    assert table.strip().splitlines() == [
        f"| {', '.join(row['engines'])} | {row['what']} | {row['handled']} |" for row in rows
    ]
    assert {engine for row in rows for engine in row["engines"]} <= dialects().keys()
