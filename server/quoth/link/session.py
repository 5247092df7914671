"""One run of ``quoth link`` with one target: the dataset as it is in the documents, and the ways to ask the target."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import quoth
from quoth.claim.model.report import Progress
from quoth.config import Settings
from quoth.errors import UsageError
from quoth.link.matching.linkable import Linkable, TargetDataset, read_linkable
from quoth.link.remote import targets
from quoth.link.remote.reply_cache import ReplyCache
from quoth.link.remote.sparql_client import SparqlClient
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient
from quoth.resources import folder


@dataclass(frozen=True)
class Session:
    """A run. ``base`` is that of our dataset, ``target`` what is asked, ``dataset`` how ours describes the target."""

    base: str
    target: Target
    dataset: TargetDataset
    linkable: Linkable
    client: ThrottledClient
    tell: Progress

    def endpoint(self) -> SparqlClient:
        """The target's SPARQL endpoint. Raises UsageError where the target has none."""
        return SparqlClient(self.target, self.dataset, self.client)


@contextmanager
def session(name: str, paths: Sequence[Path], settings: Settings, tell: Progress) -> Iterator[Session]:
    """A run with the target of that name.

    Raises UsageError for an unknown target, one that the documents do not describe, or where nobody is named to
    complain to; CheckError where a document cannot be read.
    """
    known = targets.read(settings.link_targets or folder("data") / "links" / "targets.toml")
    if name not in known:
        raise UsageError(
            f"there is no target {name!r}",
            remedy="give one of " + ", ".join(sorted(known)) if known else "the table names none",
        )
    if not settings.contact:
        raise UsageError(
            "servers are told who to contact about these requests, and no contact is set",
            remedy="set QUOTH_CONTACT to a mailto: or http(s) URL",
        )
    linkable = read_linkable(paths, settings)
    dataset = linkable.dataset(name)
    if dataset is None:
        raise UsageError(
            f"no document describes a dataset whose dcterms:identifier is {name!r}",
            remedy="describe it, as the guide's page on links shows",
        )
    agent = f"quoth/{quoth.__version__} (+{settings.contact}) SPARQLWrapper"
    with closing(ReplyCache(settings.link_cache)) as cache:
        client = ThrottledClient(known[name], agent, cache, lambda words: tell(words, 0, 0))
        yield Session(settings.base, known[name], dataset, linkable, client, tell)
