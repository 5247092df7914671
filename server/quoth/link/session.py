"""One run of ``quoth link`` with one target: the dataset as it is in the documents, and the ways to ask elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import quoth
from quoth.claim.checking import check as checking
from quoth.config import Settings
from quoth.errors import CheckError, UsageError
from quoth.link.matching.linkable import Dataset, Linkable
from quoth.link.remote import targets
from quoth.link.remote.lookup import Lookup
from quoth.link.remote.reconciliation_client import Service
from quoth.link.remote.reply_cache import ReplyCache
from quoth.link.remote.sparql_client import Endpoint
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient
from quoth.resources import folder

Tell = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Session:
    """What a run works with. ``base`` is the dataset's, ``target`` what is asked and ``dataset`` how ours calls it."""

    base: str
    target: Target
    dataset: Dataset
    linkable: Linkable
    client: ThrottledClient
    tell: Tell

    def lookup(self) -> Lookup:
        """The SPARQL endpoint. Raises UsageError where the target has none."""
        return Lookup(self.target, self.dataset, self.endpoint())

    def endpoint(self) -> Endpoint:
        """The SPARQL endpoint, for queries of other kinds. Raises UsageError where the target has none."""
        return Endpoint(self.target, self.client)

    def service(self) -> Service | None:
        """The reconciliation service, or None."""
        return Service(self.target, self.dataset, self.client) if self.target.reconcile else None


def described(paths: Sequence[Path], settings: Settings) -> Linkable:
    """What the documents say that can be linked. Raises CheckError where one cannot be read."""
    documents, findings = checking.read_all(paths or [folder("data")], settings.base)
    wrong = [f for f in findings if f.severity == "Violation"]
    if wrong:
        raise CheckError(f"{wrong[0]}", remedy="run quoth check")
    return Linkable(dict.fromkeys(q for d in documents for q in d.quads), settings.base)


@contextmanager
def session(name: str, paths: Sequence[Path], settings: Settings, tell: Tell) -> Iterator[Session]:
    """A run with the target of that name.

    Raises UsageError for an unknown target, one that the documents do not describe, or where nobody is named to
    complain to; CheckError where a document cannot be read.
    """
    known = targets.read(settings.link_targets or folder("data") / "links" / "targets.toml")
    if name not in known:
        raise UsageError(f"there is no target {name!r}", remedy="give one of " + ", ".join(sorted(known)))
    if not settings.contact:
        raise UsageError(
            "servers are told whom to write to about these requests, and nobody is named",
            remedy="set QUOTH_CONTACT to a mailto: or http(s) URL",
        )
    linkable = described(paths, settings)
    dataset = linkable.dataset(name)
    if dataset is None:
        raise UsageError(
            f"no document describes a dataset whose dcterms:identifier is {name!r}",
            remedy="describe it, as the guide's page on links shows",
        )
    agent = f"quoth/{quoth.__version__} (+{settings.contact}) SPARQLWrapper"
    with closing(ReplyCache(settings.link_cache)) as cache:
        client = ThrottledClient(known[name], agent, cache, lambda words: tell(words, 0, 0))
        with closing(client):
            yield Session(settings.base, known[name], dataset, linkable, client, tell)
