"""A corpus is a folder with quoth.toml: where it is found, what it may say, and what comes before it."""

import dataclasses
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.reading import document
from quoth.config import DEFAULT, Settings
from quoth.corpus import quoth_toml
from quoth.errors import UsageError
from quoth.resources import folder

from .conftest import BASE, CORPUS

pytestmark = pytest.mark.fast

# the text of the file: the line and the words of the message
WRONG = {
    "empty value": ('base = ""', 1, "base is no text, or an empty one"),
    "unknown key": ('# a comment\ntitel = "x"', 2, "there is no key 'titel' (did you mean title?)"),
    "unknown table": ('title = "x"\n\n[corpus]\na = 1', 3, "there is no key 'corpus'"),
    "quoted key": ('title = "x"\n"no such" = 1', 2, "there is no key 'no such'"),
    "a number": ("\n\ntitle = 3", 3, "title is no text"),
    "a table for a text": ('[title]\nen = "x"', 1, "title is no text"),
    "a text for a list": (
        'corpora = "../a"',
        1,
        'corpora is no list of texts, or an empty one (write it like corpora = ["',
    ),
    "a list of numbers": ("questions = [1]", 1, "questions is no list of texts"),
    "a text for a truth": ('copy_texts = "no"', 1, "copy_texts is neither true nor false"),
    "an absolute path": ('texts = "/etc"', 1, "'/etc' is not relative to the folder of this file"),
    "a home": ('documents = ["a",\n  "~/b"]', 1, "'~/b' is not relative"),
    "a control character": ('title = "a\\nb"', 1, "title has a control character"),
    "twice": ('title = "x"\ntitle = "y"', 2, "it is not TOML: Cannot overwrite a value"),
    "no TOML": ("title = x", 1, "it is not TOML: Invalid value"),
    "an open text": ('title = "x', 1, "it is not TOML"),
    "no base": ('title = "x"\nbase = "example.org"', 2, "'example.org' is not an absolute http URL"),
    "no contact": ('contact = "me"', 1, "'me' is not a URL"),
    "no licence": ('licence = "free"', 1, "'free' is not an absolute http URL"),
    "releases among the articles": ('title = "x"\nreleases = "a"\narticles = "a/b"', 2, "would be in the folder"),
    "releases in place of the corpus": ('releases = "."', 1, "would be in the folder"),
    "a part of a port": ('title = "x"\nport = 80.5', 2, "'80.5' is not a whole number"),
    "a truth for a number": ("cache_mb = true", 1, "cache_mb is no text"),
    "a port that is none": ("port = 0", 1, "is not above zero"),
    "no publisher": ('publisher = "id/org/a b"', 1, "'id/org/a b' is not an IRI"),
}


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_with_its_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    file = tmp_path / "quoth.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=re.escape(words)) as caught:
        Settings.from_environment({}, paths=[tmp_path])
    assert f"{file.name}:{line}: " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def corpus(path: Path, text: str = "", documents: tuple[str, ...] = ("articles/a.yaml",)) -> Path:
    """A corpus with empty documents."""
    for name in documents:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).touch()
    (path / "quoth.toml").write_text(text, "utf-8")
    return path


def test_a_corpus_is_found_from_any_folder_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus(tmp_path / "velm", 'releases = "out"\ntitle = "Velm"')
    monkeypatch.chdir(tmp_path / "velm" / "articles")
    found = Settings.from_environment({})
    assert (found.releases, found.title) == (Path("../out"), "Velm")
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({}, paths=[Path("velm/articles/a.yaml")]).releases == Path("velm/out")
    (tmp_path / "velm" / "quoth.toml").write_text('title = "Velm"', "utf-8")
    assert Settings.from_environment({}, paths=[Path("velm/articles")]).releases == Path("velm/releases")
    monkeypatch.chdir("velm")
    assert Settings.from_environment({}, paths=[tmp_path / "a document in no corpus.yaml"]).title == "Velm"


def test_nothing_above_the_home_is_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "home" / "work"
    inner.mkdir(parents=True)
    corpus(tmp_path)
    assert quoth_toml.find(inner)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert quoth_toml.find(inner) is None
    corpus(tmp_path / "home")
    assert quoth_toml.find(inner)


def test_options_come_before_variables_and_these_before_the_file(tmp_path: Path) -> None:
    corpus(tmp_path, 'base = "https://file.example/"\ntitle = "of the file"\npublisher = "id/org/a"')
    environment = {"QUOTH_BASE": "https://variable.example/", "QUOTH_TITLE": "of the environment"}
    settings = Settings.from_environment(environment, paths=[tmp_path], base="https://option.example/")
    assert settings.base == "https://option.example/"
    assert settings.title == "of the environment"
    assert settings.publisher == "id/org/a"
    assert settings.contact == ""


OF_THE_MACHINE = {"access_log", "cache", "engine_login", "link_cache", "link_targets"}


def test_every_setting_but_those_of_the_machine_is_a_key(tmp_path: Path) -> None:
    names = {field.name for field in dataclasses.fields(Settings)}
    assert set(quoth_toml.SETTINGS) == names - OF_THE_MACHINE
    for name in OF_THE_MACHINE:
        (tmp_path / "quoth.toml").write_text(f'{name} = "x"', "utf-8")
        with pytest.raises(
            UsageError, match=f"there is no key '{name}' \\(set QUOTH_{name.upper()} in the environment"
        ):
            Settings.from_environment({}, paths=[tmp_path])


def test_settings_of_a_server_are_numbers_texts_and_lists(tmp_path: Path) -> None:
    lines = [
        "port = 8080",
        "query_time_limit_s = 2.5",
        'query_rate_limit = "60/minute"',
        'engine = "http://e.example/q"',
    ]
    lists = ['service_endpoints = ["http://a.example/", "http://b.example/"]', 'trusted_proxies = ["10.0.0.0/8"]']
    corpus(tmp_path, "\n".join(lines + lists))
    settings = Settings.from_environment({"QUOTH_QUERY_TIME_LIMIT_S": "3"}, paths=[tmp_path], port="9000")
    assert (settings.port, settings.query_time_limit_s, settings.query_rate_limit) == (9000, 3.0, "60/minute")
    assert (settings.engine, settings.trusted_proxies) == ("http://e.example/q", "10.0.0.0/8")
    assert settings.service_endpoints == "http://a.example/ http://b.example/"
    found = Settings.origins({"QUOTH_QUERY_TIME_LIMIT_S": "3"}, paths=[tmp_path], port="9000")
    assert found.keys() == {field.name for field in dataclasses.fields(Settings)}
    assert (found["port"], found["query_time_limit_s"]) == ("--port", "QUOTH_QUERY_TIME_LIMIT_S")
    assert found["engine"].endswith("quoth.toml:4")
    assert found["cache_mb"] == DEFAULT


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    corpus(tmp_path, '\ufefftitle = "Velm"')
    assert Settings.from_environment({}, paths=[tmp_path]).title == "Velm"


def test_a_folder_of_texts_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    corpus(tmp_path, 'texts = "texts"')
    assert Settings.from_environment({}, paths=[tmp_path]).texts is None
    (tmp_path / "texts").mkdir()
    texts = Settings.from_environment({}, paths=[tmp_path]).texts
    assert texts is not None
    assert texts.samefile(tmp_path / "texts")


def names(path: Path) -> set[str]:
    return {str(file.resolve().relative_to(path)) for file in document.files([path])}


def test_the_documents_of_a_corpus_are_in_its_folder_and_in_no_release(tmp_path: Path) -> None:
    there = (
        "articles/a.yaml",
        "entities.ttl",
        ".hidden/b.yaml",
        "out/1/report.ttl",
        "old/1/report.ttl",
        "other/c.yaml",
    )
    corpus(tmp_path, 'releases = "out"', there)
    (tmp_path / "old" / "current").symlink_to("1")
    (tmp_path / "other" / "quoth.toml").touch()
    assert names(tmp_path) == {"articles/a.yaml", "entities.ttl"}


def test_a_corpus_may_name_its_documents(tmp_path: Path) -> None:
    text = 'documents = ["articles"]\nvocabularies = ["words/ours.yaml"]'
    corpus(tmp_path, text, ("articles/a.yaml", "draft/b.yaml", "words/ours.yaml"))
    assert names(tmp_path) == {"articles/a.yaml", "words/ours.yaml"}
    corpus(tmp_path, 'documents = [\n "articles", "no"]')
    with pytest.raises(UsageError, match=r"quoth.toml:1: there is no .*no \(correct documents"):
        names(tmp_path)


def test_what_is_no_corpus_is_not_published_with_one(tmp_path: Path) -> None:
    corpus(tmp_path, 'title = "x"\ncorpora = ["articles"]')
    with pytest.raises(UsageError, match=r"quoth.toml:2: .*articles is no corpus: it has no quoth.toml"):
        names(tmp_path)


def test_documents_of_different_corpora_are_no_dataset(tmp_path: Path) -> None:
    paths = [corpus(tmp_path / name) for name in ("a", "b")]
    with pytest.raises(UsageError, match="different corpora"):
        Settings.from_environment({}, paths=paths)


def test_the_keys_that_are_settings_are_settings() -> None:
    assert set(quoth_toml.SETTINGS) <= {field.name for field in dataclasses.fields(Settings)}
    others = set(quoth_toml.KEYS) - set(quoth_toml.SETTINGS)
    assert not others & {field.name for field in dataclasses.fields(Settings)}


@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
def test_the_words_of_documents_are_in_the_vocabularies_that_the_corpus_names(named: bool, tmp_path: Path) -> None:
    corpus(tmp_path, 'vocabularies = ["words/ours.yaml", "words/more.ttl"]' if named else "", ("words/more.ttl",))
    (tmp_path / "articles").mkdir()
    shutil.copy(CORPUS / "harbour.yaml", tmp_path / "articles")
    shutil.copy(CORPUS / "vocabulary.yaml", tmp_path / "words" / "ours.yaml")
    skos = "http://www.w3.org/2004/02/skos/core#"
    more = f"<id/concept/quay> a <{skos}Concept> ; <{skos}prefLabel> 'quay'@en ."
    (tmp_path / "words" / "more.ttl").write_text(more, "utf-8")
    read = {
        quad.object.value
        for quad in document.read(tmp_path / "articles" / "harbour.yaml", BASE).quads
        if isinstance(quad.object, ox.NamedNode)
    }
    assert (f"{BASE}id/concept/captain" in read) == named
    assert document.read(tmp_path / "words" / "ours.yaml", BASE).quads, "a vocabulary needs no other"


def test_the_shipped_data_is_a_corpus() -> None:
    shipped = quoth_toml.read(folder("data"))
    assert shipped.settings["publisher"] == "id/org/quoth"
    assert folder("data") / "articles" / "army-ttp-talks.yaml" in document.files([folder("data")])
