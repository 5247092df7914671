"""Corpora side by side in one release: the bases of those that one of them names, each with its public path."""

import re
from collections.abc import Callable

from quoth.corpus.bases import Bases
from quoth.corpus.quoth_toml import Corpus
from quoth.errors import UsageError

_SITE = (
    "articles catalog changes claims doc embed encodings entities graphs guide health id index mcp metrics ns oembed"
)
_SITE += (
    " proof queries ready reconcile releases search shapes sources sparql static status suggest timemap topics verify"
)
SITE = frozenset(_SITE.split())
"""First parts of the addresses of the site itself, but for those of single files."""

_KINDS = "article claim concept dataset group linkset org person place source topic"
RESERVED = SITE | {*_KINDS.split()}
"""Parts that no public path has: what the site itself has at these addresses, and the kinds of things in IRIs."""

_PATH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")


def bases(corpus: Corpus, own: str, read: Callable[[str, str], str]) -> Bases:
    """The base of a release of the corpus, and those of the corpora that it names. A base below the own one has its
    path there, any other the one that the corpus gives it. ``read`` makes a base of what a file says in a place.

    Raises UsageError, with file and line, for a base without a path, and for what would have the same address.
    """
    paths: dict[str, str] = {}
    places: dict[str, str] = {own: corpus.where("base")}
    for other in corpus.others():
        where, named = corpus.where_listed(other.folder), corpus.public.get(other.folder)
        base = read(other.values["base"], other.where("base")) if "base" in other.values else own
        below = base.removeprefix(own).strip("/") if base != own and base.startswith(own) else None
        path = below if named is None else named.strip("/")
        if base == own:
            if path is not None:
                detail = f"{other.folder} has no base of its own, so that no path leads to it"
                remedy = f'leave the path out, or give it one in its quoth.toml, like base = "{own}{path}/"'
                raise UsageError(detail, where=where, remedy=remedy)
            continue
        if path is None:
            detail = f"{other.folder} has a base of its own, {base} ({other.where('base')}), and no path on the site"
            remedy = f'write {{folder = "…", path = "{other.folder.resolve().name}"}}, or give it a base below {own}'
            raise UsageError(detail, where=where, remedy=remedy)
        if below is not None and path != below:
            detail = f"{base} is below {own}, where its path is {below}, and not {path}"
            raise UsageError(detail, where=where, remedy="leave the path out")
        if not _PATH.fullmatch(path):
            detail, remedy = f"{path!r} is no path", "use small letters, digits and hyphens"
            raise UsageError(detail, where=where, remedy=remedy)
        if taken := RESERVED.intersection(path.split("/")):
            detail = f"the path {path} cannot be given to a corpus: {min(taken)} has a meaning of its own on the site"
            raise UsageError(detail, where=where, remedy="give it another path")
        for known, place in places.items():
            if known != base and (known.startswith(f"{base}id/") or base.startswith(f"{known}id/")):
                detail = f"what begins with {base} would be in two corpora: the other place is {place}"
                raise UsageError(detail, where=other.where("base"), remedy="give it another base")
        if (first := paths.setdefault(path, base)) != base:
            detail = f"the path {path} is that of {first} too: the other place is {places[first]}"
            raise UsageError(detail, where=where, remedy="give each base a path of its own")
        if (of_base := next(known for known, each in paths.items() if each == base)) != path:
            detail = f"the base {base} has the path {of_base} already: the other place is {places[base]}"
            raise UsageError(detail, where=where, remedy="give one base one path")
        places.setdefault(base, where)
    return Bases(own, paths)


def base_of(corpus: Corpus | None, base: str) -> str:
    """The base of the documents of a corpus in a release with that base: its own, if that is one of them."""
    said = corpus.own_base if corpus else ""
    return said if said in getattr(base, "others", {}).values() else str(base)
