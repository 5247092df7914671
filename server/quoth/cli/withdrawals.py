"""The notices that ``quoth publish --withdraw`` writes into the documents of a corpus."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import pyoxigraph as ox

from quoth.claim.authoring.withdrawals import Notice, articles, with_notices
from quoth.claim.model.namespaces import PROV, QUOTH, RDF
from quoth.claim.reading import document
from quoth.errors import UsageError
from quoth.release.plan import Plan
from quoth.release.release import Release
from quoth.resources import folder, write


def notices(plan: Plan, iris: Sequence[str], paths: Sequence[Path], why: str, by: str | None) -> dict[Path, str]:
    """The documents in ``paths`` (none: the shipped data) that then have a notice for each of those claims and
    articles, with their texts.

    Raises UsageError where nobody knows who withdraws, or where to write it.
    """
    base, places = plan.before.manifest.base, paths or [folder("data")]
    who = (by or _encoder(plan.before)).removeprefix(base)
    notice = Notice(why, who, datetime.date.today().isoformat())
    named = articles(document.files(places), base)
    return with_notices(iris, notice, named, next((path for path in places if path.is_dir()), None), base)


def _encoder(release: Release) -> str:
    """Who made all the encodings of a release. Raises UsageError where that is not one."""
    store = ox.Store.read_only(str(release.store_path))
    encodings = (q.subject for q in store.quads_for_pattern(None, RDF.type, QUOTH.Encoding, ox.DefaultGraph()))
    made = (store.quads_for_pattern(e, PROV.wasAttributedTo, None, ox.DefaultGraph()) for e in encodings)
    agents = {getattr(quad.object, "value", "") for quads in made for quad in quads}
    if len(agents) != 1:
        raise UsageError("who withdraws it?", remedy="give --withdraw-by IRI, of somebody whom the documents describe")
    return agents.pop()


@contextmanager
def written(texts: Mapping[Path, str], plan_only: bool) -> Iterator[None]:
    """Write the documents, and say so; they are as they were before if that fails, or what is done with them. If
    ``plan_only``, nothing is written."""
    before: dict[Path, bytes | None] = {}
    verb = "would be written" if plan_only else "are written"
    try:
        for path, text in texts.items():
            if not plan_only:
                before[path] = path.read_bytes() if path.exists() else None
                write(text, path)
            click.echo(f"quoth: notices {verb} into {path}", err=True)
        yield
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)
            click.echo(f"quoth: {path} is as it was before", err=True)
        raise
