"""The notices that ``quoth publish --withdraw`` writes into the documents of a corpus."""

import datetime
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from quoth.claim.authoring import withdrawals
from quoth.claim.authoring.withdrawals import Amendment
from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS
from quoth.claim.reading import document
from quoth.cli import changes
from quoth.corpus import bases
from quoth.errors import ReleaseError, UsageError
from quoth.release.plan import NAMED, Plan
from quoth.release.release import Release
from quoth.resources import write


def with_notices(
    before: Release, plan: Plan, iris: Sequence[str], paths: Sequence[Path], why: str, by: str | None
) -> dict[Path, Amendment]:
    """The documents in ``paths`` that then have a notice for each of those resources. A notice that the release
    ``before`` has is written again as it was.

    Raises UsageError where nobody knows who withdraws, or where to write it, and ReleaseError where the store of the
    release before is damaged.
    """
    base, day = plan.base, datetime.date.today().isoformat()
    new = [iri for iri in iris if iri not in plan.unsaid]
    try:
        store = ox.Store.read_only(str(before.store_path))
        who = (by if ":" in by else bases.full(by, base)) if by else _encoder(store) if new else ""
        notices = [withdrawals.Notice(iri, why, who, day) for iri in new]
        notices += [_earlier(iri, store) for iri in plan.unsaid if iri in iris]
    except (OSError, RuntimeError) as error:  # the latter for a damaged file
        raise ReleaseError(
            f"nothing was published: the store of release {before.number} cannot be read: {error}",
            remedy="write the notices into the documents, under withdrawn, and leave out --withdraw",
        ) from None
    named = withdrawals.articles(document.files(paths), base)
    folders = (path for path in itertools.chain.from_iterable(map(document.members, paths)) if path.is_dir())
    return withdrawals.with_notices(notices, named, next(folders, None), base)


def _earlier(iri: str, store: ox.Store) -> withdrawals.Notice:
    """The notice that a release has."""

    def values(subject: ox.NamedNode, predicate: ox.NamedNode) -> list[str]:
        quads = store.quads_for_pattern(subject, predicate, None, ox.DefaultGraph())
        return sorted(getattr(quad.object, "value", "") for quad in quads)

    gone = ox.NamedNode(iri)
    [notice] = (quad.subject for quad in store.quads_for_pattern(None, QUOTH.withdraws, gone, ox.DefaultGraph()))
    assert isinstance(notice, ox.NamedNode), "nothing published is a blank node"
    why, who, day = (values(notice, term)[0] for term in (RDFS.comment, PROV.wasAttributedTo, DCTERMS.date))
    return withdrawals.Notice(iri, why, who, day, values(gone, DCTERMS.isReplacedBy))


def _encoder(store: ox.Store) -> str:
    """The agent who made all the encodings of a release. Raises UsageError where that is not one."""
    encodings = (q.subject for q in store.quads_for_pattern(None, RDF.type, QUOTH.Encoding, ox.DefaultGraph()))
    made = (store.quads_for_pattern(e, PROV.wasAttributedTo, None, ox.DefaultGraph()) for e in encodings)
    agents = {getattr(quad.object, "value", "") for quads in made for quad in quads}
    if len(agents) != 1:
        raise UsageError("who withdraws it?", remedy="give --withdraw-by IRI, of somebody whom the documents describe")
    return agents.pop()


@contextmanager
def written(amended: Mapping[Path, Amendment]) -> Iterator[None]:
    """Write the documents, and say so; they are as they were before if that fails, or what is done with them."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, amendment in amended.items():
            before[path] = path.read_bytes() if path.exists() else None
            write(amendment.text, path)
            click.echo(f"quoth: notices are written into {path}", err=True)
        yield
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                write(data, path)  # killed meanwhile, it is whole
            click.echo(f"quoth: {path} is as it was before", err=True)
        raise


def in_words(amended: Mapping[Path, Amendment], base: str) -> Iterator[str]:
    """The notices that documents would get, as these would have them: the first of each document, and the number of the
    others."""
    for path, amendment in amended.items():
        new = "" if path.exists() else ", which is new"
        yield f"these notices would be written into {path}{new}, under withdrawn:"
        yield from (changes.harmless(f"  - {notice.entry(base)}") for notice in amendment.notices[:NAMED])
        if len(amendment.notices) > NAMED:
            yield f"  and {len(amendment.notices) - NAMED} more"


def as_json(amended: Mapping[Path, Amendment]) -> list[dict[str, Any]]:
    """The notices as JSON values, each with its document."""
    return [
        {"document": os.fspath(path), **asdict(notice)}
        for path, amendment in amended.items()
        for notice in amendment.notices
    ]
