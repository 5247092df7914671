"""The commands of ``quoth link``: each asks one target, and what it learns goes into files for a human to look at.

Those that ask import the client of other servers when they run; ``accept`` needs none.
"""

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quoth.claim.reading import sssom
from quoth.claim.reading.sssom_status import KEPT
from quoth.cli.console import BASE, PATH, PATHS, corpus_paths, print_rows, progress
from quoth.config import Settings
from quoth.errors import CheckError, UsageError
from quoth.link.accept import accept
from quoth.link.matching import candidates_table
from quoth.link.matching.linkable import Linkable, TargetDataset, read_linkable

if TYPE_CHECKING:
    from quoth.link.recheck import Verdict

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

_TARGET = click.argument("target")
_LINKS = click.option("--links", type=PATH, help="Directory of the linksets; default: links in the corpus.")
_TARGETS = click.option("--targets", type=PATH, help="Table of the servers that may be asked (TOML).")
_BY = click.option("--by", required=True, help="Who does this: an agent that the documents describe, id/person/….")


@click.command("suggest")
@_TARGET
@PATHS
@click.option("-o", "--output", type=PATH, help="Table to append to; default: TARGET.candidates.tsv.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.6, show_default=True, help="Lowest score to propose.")
@click.option("--most", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates for each entity.")
@_TARGETS
@BASE
def suggest_command(
    target: str,
    paths: tuple[Path, ...],
    output: Path | None,
    least: float,
    most: int,
    targets: Path | None,
    base: str | None,
) -> None:
    """Propose links with TARGET for the entities in PATHS (default: the corpus) that have none.

    The table has an empty column "decision": write accept, refuse or not (known to be something else) into it. A run
    that was ended goes on where it stopped. Sources that an article does not name are never proposed.
    """
    from quoth.link.session import session
    from quoth.link.suggest import suggest

    settings = Settings.from_environment(paths=paths, base=base, link_targets=targets)
    file = output or Path(f"{target}{candidates_table.SUFFIX}")
    with progress() as tell, session(target, paths, settings, tell) as opened:
        entities, successes, before = suggest(opened, file, least=least, most=most)
    click.echo(
        f"{file}: {successes} of {entities} entities have candidates; {before} were done before;"
        f" {opened.client.requests} requests"
    )


@click.command("accept")
@click.argument("file", type=PATH)
@PATHS
@_BY
@_LINKS
@click.option("--licence", default=LICENCE, show_default=True, help="Licence of a new linkset.")
@BASE
def accept_command(
    file: Path, paths: tuple[Path, ...], by: str, links: Path | None, licence: str, base: str | None
) -> None:
    """Add the rows of FILE that you decided on to the linkset: links for accept, negated ones for not.

    Who decides must be described in PATHS (default: the corpus). Run quoth check on the result, then publish.
    """
    settings = Settings.from_environment(paths=paths, base=base)
    linkable = read_linkable(paths, settings)
    author = _agent(linkable, by, settings.base)
    today = datetime.date.today().isoformat()
    linkset, added, undecided = accept(
        file, links or corpus_paths(paths)[0] / "links", linkable, settings.base, author, today, licence
    )
    click.echo(f"{linkset}: {added} rows added; {undecided} rows of {file} are undecided")


@click.command("check")
@_TARGET
@PATHS
@_BY
@_LINKS
@_TARGETS
@BASE
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
def check_command(
    target: str, paths: tuple[Path, ...], by: str, links: Path | None, targets: Path | None, base: str | None, form: str
) -> None:
    """Check the links with TARGET against what is there now, and write their status beside the linkset.

    Nothing is deleted. Exit codes: 0 all are as they were, 1 some need attention, 2 wrong usage, 5 it does not answer.
    """
    from quoth.link.recheck import check
    from quoth.link.session import session

    settings = Settings.from_environment(paths=paths, base=base, link_targets=targets)
    with progress() as tell, session(target, paths, settings, tell) as opened:
        author = _agent(opened.linkable, by, settings.base)
        verdicts = check(
            opened, _linkset(opened.linkable, opened.dataset, links or corpus_paths(paths)[0] / "links"), author
        )
    changed = [v for v in verdicts if v.status != KEPT]
    if form == "json":
        click.echo(json.dumps([_as_json(v) for v in verdicts], indent=2, ensure_ascii=False))
    else:
        rows = [(v.link.subject, v.link.target, v.link.label_seen, v.status, v.observation) for v in changed]
        print_rows(("entity", "linked with", "seen as", "status", "found now"), rows, ["\t".join(row) for row in rows])
        click.echo(f"{len(verdicts)} links checked, {len(changed)} need attention", err=True)
    if changed:
        sys.exit(CheckError.exit_code)


@click.command("enrich")
@_TARGET
@PATHS
@_BY
@click.option("-o", "--output", type=PATH, help="File to write; default: enrichments/TARGET.trig.")
@_TARGETS
@BASE
def enrich_command(
    target: str, paths: tuple[Path, ...], by: str, output: Path | None, targets: Path | None, base: str | None
) -> None:
    """Fetch the facts that the table declares about the exact matches of entities, into a graph of their own."""
    from quoth.link.enrich import enrich
    from quoth.link.session import session

    settings = Settings.from_environment(paths=paths, base=base, link_targets=targets)
    file = output or corpus_paths(paths)[0] / "enrichments" / f"{target}.trig"
    with progress() as tell, session(target, paths, settings, tell) as opened:
        author = _agent(opened.linkable, by, settings.base)
        facts, described, things = enrich(opened, file, author)
    click.echo(f"{file}: {facts} facts about {described} of {things} things")


def _agent(linkable: Linkable, by: str, base: str) -> str:
    """The IRI of the agent that ``--by`` names. Raises UsageError where no document describes that agent."""
    iri = by if by.startswith(("http://", "https://")) else base + by
    if not linkable.is_agent(iri):
        raise UsageError(
            f"<{iri}> is not an agent that the documents describe", where="--by", remedy="describe it, or name another"
        )
    return iri


def _linkset(linkable: Linkable, dataset: TargetDataset, links: Path) -> Path:
    """The file of the linkset that leads to a dataset. Raises UsageError where there is none."""
    iri = linkable.linkset(dataset)
    file = links / f"{(iri or '').rpartition('/')[2]}{sssom.SUFFIX}"
    if iri is None or not file.is_file():
        raise UsageError(f"there is no linkset that leads to {dataset.label}", where=str(file.parent))
    return file


def _as_json(verdict: "Verdict") -> dict[str, Any]:
    link = verdict.link
    ends = {"subject": link.subject, "predicate": link.predicate, "target": link.target}
    return {**ends, "label_seen": link.label_seen, "status": verdict.status, "found": verdict.observation}
