"""The documentation says what the software does: its tables are generated, its examples run."""

import dataclasses
import inspect
import re
import shlex
import shutil
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from quoth.claim.model.namespaces import PREFIXES
from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.cli import LazyCommand, cli
from quoth.config import Settings
from quoth.resources import folder

from .conftest import BASE, CORPUS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def settings_table() -> str:
    rows = ["| variable | default | |", "|---|---|---|"]
    for f in dataclasses.fields(Settings):
        default = "–" if f.default in ("", None, ()) else f"`{f.default}`"
        rows.append(f"| `QUOTH_{f.name.upper()}` | {default} | {f.metadata['help']} |")
    return "\n".join(rows)


def test_every_setting_is_documented() -> None:
    [documented] = re.findall(r"<!-- settings -->\n(.*)\n<!-- /settings -->", README, re.DOTALL)
    assert documented == settings_table()


def test_every_setting_of_a_server_is_an_option_of_quoth_serve() -> None:
    serve = lazy_commands()["quoth serve"].load()
    options = {option.opts[0]: option for option in serve.params if isinstance(option, click.Option)}
    help = " ".join(serve.get_help(click.Context(serve, terminal_width=200, max_content_width=200)).split())
    of_others = {"keep_releases", "link_targets", "link_cache", "cache"}
    for f in dataclasses.fields(Settings):
        option = f"--{f.name.replace('_', '-')}"
        assert (option in options) == (f.name not in of_others), option
        if option in options:
            assert f.metadata["help"] in help
    assert "[default: 8000]" in help


def test_every_command_is_documented() -> None:
    for name in cli.commands:
        assert f"`quoth {name}" in README


def lazy_commands() -> dict[str, LazyCommand]:
    """Every command that is imported only when it runs, by its whole name."""
    groups = {"": cli, **{f"{n} ": g for n, g in cli.commands.items() if isinstance(g, click.Group)}}
    return {
        f"quoth {prefix}{name}": command
        for prefix, group in groups.items()
        for name, command in group.commands.items()
        if isinstance(command, LazyCommand)
    }


@pytest.mark.parametrize(("name", "lazy"), lazy_commands().items(), ids=lazy_commands())
def test_every_option_has_help(name: str, lazy: LazyCommand) -> None:
    options = [p for p in lazy.load().params if isinstance(p, click.Option)]
    assert options
    for option in options:
        assert option.help, f"{name} {option.name}"


@pytest.mark.parametrize("lazy", lazy_commands().values(), ids=lazy_commands())
def test_the_list_of_commands_has_the_help_of_each(lazy: LazyCommand) -> None:
    command = lazy.load()
    assert command.name == lazy.name
    assert inspect.cleandoc(command.help or "").split("\n\n")[0].split() == (lazy.help or "").split()


def shell_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith(("quoth ", "cd "))]


def test_the_readme_s_commands_lead_to_a_release_of_a_new_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quoth").mkdir()
    (tmp_path / "quoth" / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path / "quoth")
    for line in shell_lines():
        program, *arguments = shlex.split(line)
        if program == "cd":
            monkeypatch.chdir(arguments[0])
        elif arguments == ["check"]:  # by then, somebody has completed the draft
            shutil.copy(CORPUS / "harbour.yaml", "articles")
            shutil.copy(CORPUS / "vocabulary.yaml", ".")
        result = CliRunner().invoke(cli, arguments, standalone_mode=False) if program == "quoth" else None
        assert result is None or result.exception is None, f"{line}: {result.output} {result.exception}"
    assert (tmp_path / "velm" / "releases" / "current" / "manifest.json").is_file()
    assert not (tmp_path / "quoth" / "releases").exists()


def test_the_readme_s_claim_is_the_corpus_s(harbour: Path) -> None:
    words, content = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    [shown] = YAML(typ="safe").load(words + content)
    claims = YAML(typ="safe").load(harbour.read_text("utf-8"))["claims"]
    whole = next(c for c in claims if c["id"] == shown["id"])
    assert shown == {key: value for key, value in whole.items() if key != "label"}


def replacements() -> dict[str, str]:
    """What the changes say to ask in place of something: the first code of a row's first cell → that of its third."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    rows = [re.split(r"(?<!\\)\|", line) for line in re.findall(r"^  \|(.*)\|$", text, re.MULTILINE)]
    cells = [(before.split("`"), asked.split("`")) for before, _, asked in rows]
    return {
        before[1] if len(before) > 1 else before[0].strip(): asked[1].replace("\\|", "|")
        for before, asked in cells
        if len(asked) > 1
    }


LEVEL = "?c quoth:attribution|quoth:otherAttribution ?l . ?l quoth:within* ?level"
AS_BEFORE = {
    "?c quoth:creditedTo ?s": "?c ?s { ?c quoth:attribution/quoth:within*/quoth:source ?s }",
    "?c prov:wasAttributedTo ?s": "?c ?s { ?c quoth:attribution/quoth:source ?s . ?s a ?kind"
    " VALUES ?kind { foaf:Agent foaf:Person foaf:Group org:Organization prov:Agent } }",
    "?c quoth:depth ?n": "?c { ?c quoth:attribution ?level }",
    "?c quoth:voice voice:reported": "?c { ?c quoth:attribution/quoth:within ?outer }",
    "?level quoth:speechAct ?act": f"?level {{ {LEVEL} }}",
    "every claim has content, certainty, polarity, realis, tense": "?c { ?c quoth:certainty ?certainty }",
}
"""What the rules of 0.1.0 derived from a chain, or every chain had: the variables and the pattern that find it."""


@pytest.fixture(scope="module")
def corpora() -> ox.Store:
    """The shipped and the fictional corpus as published."""
    data = folder("data")
    paths = document.files([data / "entities.ttl", data / "vocabulary.yaml", data / "articles", CORPUS])
    store = ox.Store()
    store.extend(published_quads([quad for path in paths for quad in document.read(path, BASE).quads], BASE))
    return store


def rows(store: ox.Store, query: str) -> list[dict[str, str]]:
    solutions = store.query("".join(f"PREFIX {p}: <{space}>\n" for p, space in PREFIXES.items()) + query)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: str(solution[name]) for name in names} for solution in solutions]


@pytest.mark.long
@pytest.mark.parametrize("before", replacements())
def test_what_the_changes_say_to_ask_is_the_same_as_before(corpora: ox.Store, before: str) -> None:
    asked = replacements()[before]
    found = rows(corpora, asked if asked.startswith("SELECT") else f"SELECT * WHERE {{ {asked} }}")
    assert found
    if before in AS_BEFORE:
        expected = rows(corpora, f"SELECT DISTINCT {AS_BEFORE[before]}")
        assert sorted(tuple(row[name] for name in expected[0]) for row in found) == sorted(
            tuple(row.values()) for row in expected
        )


def test_every_meaning_of_before_is_a_row_of_the_changes() -> None:
    assert set(AS_BEFORE) <= set(replacements())
    assert len(replacements()) == len(AS_BEFORE) + 3  # the addressee, and two deprecated terms


@pytest.mark.long
def test_the_levels_of_a_chain_are_its_depth_where_readings_agree(corpora: ox.Store) -> None:
    counted = {row["c"]: row["n"] for row in rows(corpora, replacements()["?c quoth:depth ?n"])}
    depths = {row["c"]: row["n"] for row in rows(corpora, "SELECT ?c ?n { ?c quoth:depth ?n }")}
    assert depths
    assert depths.items() <= counted.items()
