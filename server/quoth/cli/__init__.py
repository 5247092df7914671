"""The command ``quoth``. Each command is in a module of this room, which is imported only when the command runs.

A command reads its options, calls the rooms below and prints. Everything else belongs to those rooms, and none of them
imports this one; ``__main__`` does, the program itself. Exit codes are those of errors.py: 0 done, 1 findings,
2 usage, 3 unreadable, 4, 5.
"""

import importlib
import os
import sys
from keyword import iskeyword
from typing import Any

import click

from quoth import __version__
from quoth.errors import QuothError, UnavailableError, UsageError, reason


class LazyCommand(click.Command):
    """The name of a command and the first paragraph of its help, which is all that its group shows.

    The command itself is ``<name>_command`` in ``module``.
    """

    def __init__(self, name: str, module: str, help: str) -> None:
        super().__init__(name, help=help)
        self.module = module

    def load(self) -> click.Command:
        """Import the command."""
        command: click.Command = getattr(_imported(self.module), f"{(self.name or '').replace('-', '_')}_command")
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """The context of the imported command: click reads its parameters and invokes it."""
        return self.load().make_context(*args, **kwargs)


def _imported(module: str) -> Any:
    """The module of a command that runs. Variables that look like settings and are none are named."""
    imported = importlib.import_module(module)
    settings = importlib.import_module("quoth.config").Settings
    for name in (name for name, meant in settings.unknown(os.environ).items() if meant is None):
        click.echo(f"quoth: note: {name} is not one of Quoth's settings, which are listed in the README", err=True)
    return imported


def _module(name: str) -> str:
    return name.replace("-", "_") + "_" * iskeyword(name)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quoth")
def cli() -> None:
    """Publish attributed claims: who said it, on whose authority, with what certainty, in which words."""


@cli.group("link")
def link_group() -> None:
    """Link entities with other datasets, check the links, and fetch facts. It asks what the table of targets names."""


@cli.group("releases", invoke_without_command=True)
@click.option("--releases", help="Directory of the releases.")
@click.pass_context
def releases_group(context: click.Context, releases: str | None) -> None:
    """List the releases: number, time, how much they hold, bytes on disk and of them its own, and which is current."""
    context.obj = releases
    if context.invoked_subcommand is None:
        _imported("quoth.cli.releases").list_releases(releases)


COMMANDS = {
    cli: {
        "new": "Make a corpus in DIR: a folder with quoth.toml, in which the other commands find everything.",
        "add": "Start an article in the corpus from a plain TEXT: claims in words, with their sources.",
        "draft": "Start a document from a plain text FILE: claims with their sources; or fill in offsets or digests.",
        "import": "Import a file or folder PATH in a FORMAT into the corpus, as documents with claims in words.",
        "export": "Write the claims of documents (default: the corpus) in a FORMAT: their words, who says them, and by"
        " which act.",
        "check": "Check documents (default: the corpus): syntax, anchors, shapes, and rules across all of them.",
        "recheck": "Hold the quotations of documents (default: the corpus) against new versions of their texts.",
        "preview": "Show documents (default: the corpus) as pages on this machine, without publishing them.",
        "publish": "Check documents (default: the corpus) and publish them as a new release, all or nothing.",
        "diff": "Say what changed from release BEFORE to release AFTER (default: from the one before the current one"
        " to it).",
        "rollback": "Make release NUMBER (default: the one before the current one) the current one again; no release is"
        " removed.",
        "verify": "Hold a text FILE (or -: standard input) against the record: what it quotes or attributes, and to"
        " whom.",
        "proof": "Write what is on record about SUBJECT, a question, a topic, an entity or a source: who says so, with"
        " every gap.",
        "fetch-release": "Make the folder of releases a copy of SOURCE, or fetch release NUMBER from there and make it"
        " current.",
        "verify-release": "Compare every file of release NUMBER (default: the current one) with what was published.",
        "doctor": "Look at settings, release, engine, clock, disk, permissions, proxy and the running server, and say"
        " what is wrong.",
        "serve": "Serve the current release; if there is none yet, publish the corpus first.",
        "mcp": "Serve the current release to an assistant over standard input and output (Model Context Protocol).",
        "query": "Query the current release in SPARQL: QUERY, -f FILE, or standard input. Relative IRIs belong"
        " to the dataset.",
    },
    releases_group: {
        "redact": "Take the words of CLAIM out of every release that is kept, for good.",
        "load": "Load the current release into the engine of the settings, unless that holds it.",
        "prune": "Remove the oldest releases: all but the newest KEEP ones and the current one.",
    },
    link_group: {
        "suggest": "Propose links with TARGET for the entities in PATHS (default: the corpus) that have none.",
        "accept": "Add the rows of FILE that you decided on to the linkset: links for accept, negated ones for not.",
        "check": "Check the links with TARGET against what is there now, and write their status beside the linkset.",
        "enrich": "Fetch the facts that the table declares about the exact matches of entities, into a graph of"
        " their own.",
    },
}
"""Group → name of a command → the first paragraph of its help. Each of the first group is in a module of its name."""

for _group, _commands in COMMANDS.items():
    for _name, _help in _commands.items():
        _group.add_command(LazyCommand(_name, f"quoth.cli.{_module(_name) if _group is cli else _group.name}", _help))


def main() -> None:
    """Run the command; a QuothError becomes one message and its exit code."""
    try:
        cli.main(standalone_mode=False)
    except QuothError as error:
        # Who runs a command is the operator, for whom some errors have a note in place of "see the log".
        click.echo(f"quoth: {'; '.join(getattr(error, '__notes__', ())) or error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "quoth"
        click.echo(f"quoth: {error.format_message()} ({command} --help says more)", err=True)
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:  # of the system: a full disk, say
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"quoth: {place}{reason(error)}", err=True)
        sys.exit(UnavailableError.exit_code)
