"""A corpus from nothing to a release: `quoth new` and `quoth add`, and the other commands anywhere in it."""

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from quoth.claim.authoring.drafting.plain_text import NOTICES
from quoth.claim.checking import check
from quoth.claim.model.report import Finding
from quoth.claim.reading import document
from quoth.cli import LazyCommand, cli
from quoth.cli.new import LICENCE
from quoth.config import Settings
from quoth.corpus import new
from quoth.errors import UsageError
from quoth.release.release import Releases

from ..conftest import application
from ..serving import free_port
from .commands import quoth

ATOM = "{http://www.w3.org/2005/Atom}"
FERRY = "The ferry was late on Monday, the harbour office said. Nobody was hurt.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A new corpus, beside which there is a text."""
    (tmp_path / "The Ferry.txt").write_text(FERRY, "utf-8")
    new.create(tmp_path / "velm", "Velm", "Velm News", {"base": "https://velm.example/claims/", "licence": LICENCE})
    return tmp_path / "velm"


def refused(arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The message with which a command refuses something."""
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError) as caught:
        cli.main(list(arguments), standalone_mode=False)
    return str(caught.value)


def complete(article: Path) -> None:
    """Decide what a draft leaves open: what the article is, and how it was encoded."""
    text = article.read_text("utf-8")
    assert "source: harbour-office\n" in text
    for before, after in (('method: ""', "method: Read and encoded by hand."), ('label: ""', "label: The late ferry")):
        assert before in text
        text = text.replace(before, after)
    article.write_text(text, "utf-8")


@pytest.mark.slow
def test_a_corpus_goes_from_nothing_to_a_release(corpus: Path) -> None:
    assert {str(p.relative_to(corpus)) for p in corpus.rglob("*") if p.is_file()} == {
        *new.FILES.values(),
        *(f"{name}/.gitkeep" for name in new.FOLDERS),
    }
    assert quoth("check", "--strict", cwd=corpus).returncode == 0
    added = quoth("add", "../../The Ferry.txt", cwd=corpus / "articles")
    assert (added.returncode, added.stderr) == (0, "")
    article = corpus / "articles" / "the-ferry.yaml"
    assert (corpus / "texts" / "the-ferry.txt").read_text("utf-8") == FERRY
    assert "attributedTo: id/org/velm-news" in article.read_text("utf-8")
    assert quoth("check", cwd=corpus).returncode == 1, "a draft has something to decide"
    complete(article)
    assert quoth("draft", "--anchors", "the-ferry.yaml", cwd=corpus / "articles").returncode == 0
    checked = quoth("check", "--strict", cwd=corpus / "queries")
    assert checked.returncode == 0, checked.stdout
    assert "characters" in checked.stderr, "the texts were found"
    alone = quoth("check", "--strict", "the-ferry.yaml", cwd=corpus / "articles")
    assert (alone.returncode, alone.stdout) == (0, ""), "others may describe who encodes"
    (corpus / "entities.yaml").rename(corpus / "entities.kept")
    (corpus / "entities.yaml").write_text("entities: [", "utf-8")
    alone = quoth("check", "articles/the-ferry.yaml", cwd=corpus)
    assert (alone.returncode, alone.stdout.count("entities.yaml:")) == (3, 1), "it may be why a name is unknown"
    (corpus / "entities.kept").rename(corpus / "entities.yaml")
    published = quoth("publish", cwd=corpus / "articles")
    assert published.returncode == 0, published.stderr
    assert (corpus / "releases" / "1" / "manifest.json").is_file()
    listed = quoth(
        "query",
        "SELECT ?a { ?a <https://w3id.org/quoth/ns#countedEncoding> ?e }",
        "--format",
        "csv",
        cwd=corpus / "texts",
    )
    assert listed.stdout.split() == ["a", "https://velm.example/claims/id/article/the-ferry"]
    again = quoth("publish", cwd=corpus)
    assert "is unchanged" in again.stdout, "what was published is no document"


def test_a_publisher_that_nothing_describes_is_told(corpus: Path) -> None:
    file = corpus / "quoth.toml"
    file.write_text(file.read_text("utf-8").replace('"id/org/velm-news"', '"id/org/velm-post"'), "utf-8")
    checked = quoth("check", cwd=corpus / "articles")
    assert checked.stdout.startswith("../quoth.toml:6: warning [publisher]: the publisher id/org/velm-post is not")
    assert (checked.returncode, quoth("check", "--strict", cwd=corpus).returncode) == (0, 1)
    assert "publisher" not in quoth("check", "entities.yaml", cwd=corpus).stdout, "others may describe it"


@pytest.mark.slow
def test_another_corpus_has_other_releases(corpus: Path) -> None:
    other = ("new", "other", "--publisher", "Other News")
    assert quoth(*other, cwd=corpus.parent).returncode == 0
    for folder in (corpus, corpus.parent / "other"):
        assert quoth("publish", str(folder), cwd=corpus.parent).returncode == 0
        assert os.listdir(folder / "releases" / "1")
    assert not (corpus.parent / "releases").exists()


def test_a_new_corpus_says_what_it_was_told(tmp_path: Path) -> None:
    name = 'Le “Quai” "4" \\ #1'
    told = ("--title", name, "--publisher", name, "--contact", "mailto:a@velm.example")
    assert quoth("new", "velm", *told, cwd=tmp_path).returncode == 0
    settings = Settings.from_environment({}, paths=[tmp_path / "velm"])
    assert (settings.title, settings.publisher) == (name, "id/org/le-quai-4-1")
    assert (settings.contact, settings.base) == ("mailto:a@velm.example", Settings.base)
    assert (settings.releases, settings.texts) == (tmp_path / "velm" / "releases", tmp_path / "velm" / "texts")
    [read] = [document.read(p, settings.base) for p in document.files([tmp_path / "velm"])]
    assert name in {getattr(quad.object, "value", "") for quad in read.quads}


def test_a_new_corpus_may_be_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    assert quoth("new", ".", "--publisher", "Velm News", cwd=tmp_path / "here").returncode == 0
    assert (tmp_path / "here" / "quoth.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_the_ci_example_runs_a_command_of_quoth() -> None:
    example = (Path(new.__file__).with_name("template") / "check.yml").read_text("utf-8")
    [line] = re.findall(r"- run: quoth (.*)", example)
    name, *options = line.split()
    lazy = cli.commands[name]
    assert isinstance(lazy, LazyCommand)
    known = {option for parameter in lazy.load().params for option in parameter.opts}
    assert set(options) <= known
    assert {"--strict", "--no-cache"} <= set(options)


REFUSED = {
    "not empty": (("new", "velm"), "velm: it exists and is not empty"),
    "a file": (("new", "The Ferry.txt"), "The Ferry.txt: it exists and is not empty"),
    "no publisher": (("new", "x", "--title", "X"), "who publishes it? (give --publisher"),
    "no Latin letters": (("new", "x", "--publisher", "Новости"), "has no Latin letters"),
    "two lines": (("new", "x", "--publisher", "a\nb"), "is no publisher"),
    "a wrong base": (("new", "x", "--publisher", "A", "--base", "x"), "base: 'x' is not an absolute http URL"),
    "no corpus": (("add", "The Ferry.txt"), "the current folder is in no corpus"),
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_nothing(
    arguments: tuple[str, ...], words: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(corpus.parent.rglob("*"))
    told = arguments if "--publisher" in arguments or "--title" in arguments else (*arguments, "--publisher", "A")
    message = refused(told if arguments[0] == "new" else arguments, corpus.parent, monkeypatch)
    assert words in message
    assert "\n" not in message
    assert sorted(corpus.parent.rglob("*")) == before


NOT_ADDED = {
    "the same again": (("add", "../The Ferry.txt"), "the-ferry.yaml: it already exists"),
    "another text of that name": (("add", "../other.txt", "--slug", "taken"), "taken.txt: it is another text"),
    "an article of that name": (("add", "../other.txt", "--slug", "elsewhere"), "moved.yaml:2: there is an article"),
    "no slug": (("add", "../other.txt", "--slug", "../x"), "'../x' is not a slug"),
    "no URL": (("add", "../other.txt", "--url", "javascript:x"), "--url: 'javascript:x' cannot be used"),
    "no text": (("add", "../none.txt"), "none.txt: No such file"),
    "a document": (("add", "articles/the-ferry.yaml"), "this is a document"),
}


@pytest.mark.parametrize(("arguments", "words"), NOT_ADDED.values(), ids=NOT_ADDED)
def test_an_article_overwrites_nothing(
    arguments: tuple[str, ...], words: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus)
    cli.main(["add", "../The Ferry.txt"], standalone_mode=False)
    (corpus.parent / "other.txt").write_text("Another one.", "utf-8")
    (corpus / "texts" / "taken.txt").write_text("Taken.", "utf-8")
    (corpus / "articles" / "moved.yaml").write_text("# moved\nid: id/article/elsewhere   # a name\n", "utf-8")
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    assert words in refused(arguments, corpus, monkeypatch)
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("line", ['articles = "../elsewhere"', 'documents = ["entities.yaml"]'])
def test_an_article_is_not_started_where_it_is_not_looked_for(
    line: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "quoth.toml").write_text(line, "utf-8")
    message = refused(("add", "../The Ferry.txt"), corpus, monkeypatch)
    assert message.startswith("quoth.toml:1: ")
    assert "the-ferry.yaml would not be among the documents of this corpus" in message
    assert not [*corpus.parent.rglob("the-ferry.*")]


def test_a_terminal_is_asked_for_what_is_not_given(corpus: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "add", "../The Ferry.txt"]
    with subprocess.Popen(command, cwd=corpus, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.write(ours, b"ferry\nThe late ferry\nhttps://velm.example/ferry\n")
        assert process.wait(60) == 0
    os.close(theirs)
    os.close(ours)
    started = (corpus / "articles" / "ferry.yaml").read_text("utf-8")
    assert 'headline: "The late ferry"' in started
    assert 'url: "https://velm.example/ferry"' in started


def test_a_text_stays_where_it_is_if_the_folder_says_so(corpus: Path) -> None:
    file = corpus / "quoth.toml"
    file.write_text(file.read_text("utf-8").replace("copy_texts = true", "copy_texts = false"), "utf-8")
    done = quoth("add", "../The Ferry.txt", "--slug", "ferry", "--title", "Late: a “ferry”", cwd=corpus)
    assert "its text is ../The Ferry.txt" in done.stdout
    assert [path.name for path in (corpus / "texts").iterdir()] == [".gitkeep"]
    assert re.search("^headline: .Late: a “ferry”.$", (corpus / "articles" / "ferry.yaml").read_text("utf-8"), re.M)


ARTICLE = """\
"@context": https://w3id.org/quoth/context.jsonld
id: id/article/{slug}
type: Article
label: {slug} (fiction)
language: en
text: {{sha256: "{sha256}", length: {length}}}
encoding:
  attributedTo: id/org/{by}
  created: 2026-11-29
  method: Read and encoded by hand.
  licence: https://creativecommons.org/licenses/by/4.0/
entities: [{{id: id/org/harbour-office, type: Organization, label: {office}}}]
claims: [{{id: late, source: id/org/harbour-office, speechAct: said, words: {{exact: late, start: 14, end: 18}}}}]
"""


def two_corpora(path: Path, slugs: tuple[str, str] = ("a", "b"), office: str = "the harbour office") -> Path:
    """Two corpora with an article each, which name the harbour office, and a folder that serves them side by side."""
    for name, slug, label in zip(("a", "b"), slugs, ("the harbour office", office), strict=True):
        new.create(path / name, name.upper(), f"{name} News", {"licence": LICENCE})
        text = f"The ferry was late, says the harbour office to {name}."
        (path / name / "texts" / f"{slug}.txt").write_text(text, "utf-8")
        told = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text), "by": f"{name}-news"}
        (path / name / "articles" / f"{slug}.yaml").write_text(ARTICLE.format(slug=slug, office=label, **told), "utf-8")
        question = f"# title: Of {name}?\n# description: Everything.\nSELECT ?s {{ ?s ?p ?o }}"
        (path / name / "queries" / f"of-{name}.rq").write_text(question, "utf-8")
    (path / "both").mkdir()
    (path / "both" / "quoth.toml").write_text('title = "Both"\nreleases = "out"\ncorpora = ["../a", "../b"]\n', "utf-8")
    return path / "both"


@pytest.mark.slow
def test_a_release_serves_several_corpora_side_by_side(tmp_path: Path) -> None:
    both = two_corpora(tmp_path)
    checked = quoth("check", cwd=both)
    assert checked.returncode == 0, checked.stdout
    assert checked.stderr.count("characters") == 2, "the texts of both were found"
    done = quoth("publish", cwd=both)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(json.loads((both / "out" / "1" / "questions.json").read_text("utf-8"))) == {
        "articles",
        "of-a",
        "of-b",
    }
    articles = "SELECT ?a { ?a <https://w3id.org/quoth/ns#countedEncoding> ?e } ORDER BY ?a"
    listed = quoth("query", articles, "--format", "csv", cwd=both)
    assert listed.stdout.split()[1:] == [f"{Settings.base}id/article/{slug}" for slug in "ab"]
    with application(both / "out") as app:
        for path in ("/doc/org/harbour-office", "/search?q=late"):
            page = app.test_client().get(path, headers={"Accept": "text/html"}).text
            cited = re.findall(r"<cite><a href=\"/doc/article/(.)\"", page)
            assert {*cited} == {"a", "b"}, f"a claim on {path} does not name the article that reports it"
        found = app.test_client().get("/search.json?q=late").json
        assert found is not None
        assert {result["article"]["label"] for result in found["results"]} == {"a (fiction)", "b (fiction)"}
        feed = ET.fromstring(app.test_client().get("/search.atom?q=late").data)
        told = {entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")}
        assert told == {"In a (fiction)", "In b (fiction)"}


@pytest.mark.slow
@pytest.mark.parametrize("base", ["", "https://velm.example/claims/"], ids=["no base", "a base"])
def test_a_corpus_without_releases_is_published_where_it_is_served(base: str, tmp_path: Path) -> None:
    new.create(tmp_path / "velm", "Velm", "Velm News", {"base": base, "licence": LICENCE})
    port = free_port()
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path / "velm" / "articles", stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    here = f"http://localhost:{port}/"
    assert f"Quoth serves release 1 at {base or here}" in line
    assert Releases(tmp_path / "velm" / "releases").current().manifest.base == (base or here)


def shared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """The findings about what both corpora describe."""
    monkeypatch.chdir(folder)
    report, _ = check.check([Path()], Settings.base)
    return [finding for finding in report.findings if finding.rule == "shared-id"]


def test_a_slug_of_two_corpora_is_refused_with_both_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article, claim = shared(two_corpora(tmp_path, ("same", "same")), monkeypatch)
    assert article.where == "../b/articles/same.yaml:1"
    assert (
        "id/article/same is described in two corpora: the other place is ../a/articles/same.yaml:1" in article.message
    )
    assert (claim.where, claim.severity) == ("../b/articles/same.yaml:13", "Violation")


def test_what_two_corpora_describe_is_found_again_where_nothing_changed(tmp_path: Path) -> None:
    both = two_corpora(tmp_path, ("same", "same"))
    for _ in range(2):
        done = quoth("check", cwd=both)
        assert done.returncode == 1
        assert "same.yaml:1: id/article/same is described in two corpora: the other place is" in done.stdout
        assert "keep one" not in done.stdout, "each of them has one"


def test_an_entity_of_two_corpora_is_declared_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shared(two_corpora(tmp_path / "same"), monkeypatch) == []
    [entity] = shared(two_corpora(tmp_path / "other", office="the office"), monkeypatch)
    assert entity.where == "../b/articles/b.yaml:12"
    assert "the other place is ../a/articles/a.yaml:12" in entity.message
    assert "they differ in label" in entity.remedy


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('base = "https://velm.example/"', "quoth.toml:3: ../b has a base of its own, https://velm.example/ (../b/quo"),
        ('corpora = ["../a"]', "b/quoth.toml:1: a corpus that another one names cannot name corpora"),
    ],
)
def test_what_no_release_can_have_is_refused(
    line: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = two_corpora(tmp_path)
    (tmp_path / "b" / "quoth.toml").write_text(f"{line}\n", "utf-8")
    assert words in refused(("check",), both, monkeypatch)


def test_corpora_may_name_the_base_that_they_share(tmp_path: Path) -> None:
    both = two_corpora(tmp_path)
    (tmp_path / "b" / "quoth.toml").write_text('base = "https://velm.example/claims"\n', "utf-8")
    text = (both / "quoth.toml").read_text("utf-8")
    (both / "quoth.toml").write_text(f'base = "https://velm.example/claims/"\n{text}', "utf-8")
    assert len([path for path in document.files([both]) if path.parent.name == "articles"]) == 2


def test_a_corpus_that_is_not_there_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = two_corpora(tmp_path)
    (both / "quoth.toml").write_text('title = "Both"\ncorpora = ["../a", "../c"]', "utf-8")
    assert "quoth.toml:2: there is no ../c" in refused(("check",), both, monkeypatch)


def test_a_draft_names_what_it_passes_over_and_the_entities_of_its_corpus(corpus: Path) -> None:
    entities = corpus / "entities.yaml"
    lind = "  - {id: id/person/lind-1, type: Person, label: Mara Lind}\n"
    entities.write_text(re.sub("(?m)^entities:\n", f"entities:\n{lind}", entities.read_text("utf-8")), "utf-8")
    text = corpus / "texts" / "page.txt"
    text.write_text("\ufeff<p>Mara Lind said that the boats are old.</p>\n", "utf-8")
    drafted = quoth("draft", "texts/page.txt", "-o", "page.yaml", cwd=corpus)
    assert drafted.returncode == 0
    assert [line.partition(": ")[2] for line in drafted.stderr.splitlines()] == [NOTICES["mark"], NOTICES["html"]]
    assert "source: id/person/lind-1\n" in (corpus / "page.yaml").read_text("utf-8")
    unlisted = quoth("draft", "texts/page.txt", "--language", "fr", cwd=corpus)
    assert "there are no word lists for fr" in unlisted.stderr


def test_a_text_in_windows_1252_says_how_to_save_it(corpus: Path) -> None:
    (corpus / "texts" / "old.txt").write_bytes("“We cannot wait,” she said.".encode("windows-1252"))
    refused = quoth("draft", "texts/old.txt", cwd=corpus)
    assert refused.returncode != 0
    assert "iconv -f WINDOWS-1252" in refused.stderr
