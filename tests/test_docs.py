"""The documentation says what the software does: its tables are generated, its examples run."""

import dataclasses
import inspect
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from quoth.cli import LazyCommand, cli
from quoth.config import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def settings_table() -> str:
    rows = ["| variable | default | |", "|---|---|---|"]
    for f in dataclasses.fields(Settings):
        default = "–" if f.default in ("", None) else f"`{f.default}`"
        rows.append(f"| `QUOTH_{f.name.upper()}` | {default} | {f.metadata['help']} |")
    return "\n".join(rows)


def test_every_setting_is_documented() -> None:
    [documented] = re.findall(r"<!-- settings -->\n(.*)\n<!-- /settings -->", README, re.DOTALL)
    assert documented == settings_table()


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
    return [line for block in blocks for line in block.splitlines() if line.startswith("quoth ")]


@pytest.mark.parametrize("line", shell_lines())
def test_the_readme_s_commands_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_RELEASES", str(tmp_path / "releases"))
    arguments = [a.replace("/tmp/", f"{tmp_path}/") for a in shlex.split(line)[1:]]
    arguments = [str(ROOT / a) if a.startswith("tests/") else a for a in arguments]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is None, result.output


def test_the_readme_s_claim_is_the_corpus_s(harbour: Path) -> None:
    words, content = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    [shown] = YAML(typ="safe").load(words + content)
    claims = YAML(typ="safe").load(harbour.read_text("utf-8"))["claims"]
    whole = next(c for c in claims if c["id"] == shown["id"])
    assert shown == {key: value for key, value in whole.items() if key != "label"}
