"""The dialects of servers: how releases get into them, as a table (dialects.toml); and the servers in a setting."""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from quoth.errors import UsageError

_TABLE = Path(__file__).with_name("dialects.toml")
_PREFIX = re.compile(r"([a-z0-9]+)\+(?=https?:)")
_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Dialect:
    """A row of the table, whose head says what each entry means."""

    name: str
    label: str
    releases: Literal["many", "slots", "one"]
    query: str
    rewrites: Sequence[str]
    atomic: bool
    pages: bool = True
    exists: str = ""
    create: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    load: str = ""
    update: str = ""
    batch: int = 0
    content: str = ""
    page: int = 0
    drop: str = ""
    time_limit: str = ""
    login: Literal["basic", "digest"] = "basic"
    default_graph: str = ""
    names_it: Literal["", "pragma", "graph"] = ""
    other_graphs: Sequence[str] = ()
    refused: Sequence[str] = ()
    spellings: Sequence[Sequence[str]] = ()
    cut: Mapping[str, Literal["rows", "time"]] = field(default_factory=dict)

    def filled(self, template: str, dataset: str) -> str:
        """A template of the table for the dataset at a URL."""
        server, _, name = dataset.rpartition("/")
        return template.format(dataset=dataset, server=server, name=name)


@dataclass(frozen=True)
class Location:
    """Where releases are, or go: the ``urls`` of the setting without prefixes, user names and slashes at their ends;
    ``user`` and ``password``; and the dialect, None where the operator loads the releases."""

    urls: Sequence[str]
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    dialect: Dialect | None = None

    def with_login(self, url: str) -> str:
        """A URL with the user name and the password, as Endpoint takes it: for no message and no log. Without them
        where updates have the password as a digest: queries would have it in clear."""
        if not self.user or (self.dialect and self.dialect.login == "digest"):
            return url
        parts = urlsplit(url)
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return parts._replace(netloc=f"{login}@{parts.netloc}").geturl()


@functools.cache
def dialects() -> Mapping[str, Dialect]:
    """The dialects by their names."""
    return {name: Dialect(name, **row) for name, row in tomllib.loads(_TABLE.read_text("utf-8")).items()}


def locate(engine: str, login: Path | None = None) -> Location:
    """The servers in the setting ``engine``, with the user name and the password in the first line of the file
    ``login``, or else in the first URL.

    Raises UsageError, which has nothing of either, for what the dialect cannot use.
    """
    found: list[str] = []
    user = password = ""
    named: set[str] = set()
    for text in engine.split():
        prefix = _PREFIX.match(text)
        named.add(prefix[1] if prefix else "")
        parts = urlsplit(text[prefix.end() :] if prefix else text)
        if parts.username and not user:
            user, password = unquote(parts.username), unquote(parts.password or "")
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        found.append(plain.rstrip("/") if prefix else plain)
    if login is not None:
        user, password = _read(login)
    if len(named) > 1:
        raise UsageError("the engines are of different dialects", where="engine", remedy="use one for all releases")
    [name] = named
    dialect = dialects().get(name)
    if name and dialect is None:
        raise UsageError(f"there is no dialect {name!r}", where="engine", remedy=f"use {' or '.join(dialects())}")
    _check(found, dialect)
    return Location(found, user, password, dialect)


def _check(urls: Sequence[str], dialect: Dialect | None) -> None:
    if dialect is not None and any(part for url in urls for part in urlsplit(url)[3:]):
        remedy = f"give one like {dialect.name}+http://localhost:3030/velm"
        raise UsageError("the URL of a server has no question mark and no number sign", where="engine", remedy=remedy)
    if dialect is not None and dialect.releases == "slots":
        if len(urls) < 2:
            detail = f"{dialect.label} has room for one release: another is loaded while that is served"
            raise UsageError(detail, where="engine", remedy="name two servers or more, with a space between")
        return
    if len(urls) > 1:
        raise UsageError("more than one engine is named", where="engine", remedy="name one")
    if (
        dialect is not None
        and dialect.releases == "many"
        and not _NAME.fullmatch(urlsplit(urls[0]).path.rpartition("/")[2])
    ):
        raise UsageError(
            "the name that the datasets begin with is missing, or has more than ASCII letters, digits, _ and -",
            where="engine",
            remedy=f"give one like {dialect.name}+http://localhost:3030/velm",
        )


def _read(login: Path) -> tuple[str, str]:
    try:
        user, colon, password = login.read_text("utf-8").splitlines()[0].strip().partition(":")
    except (OSError, ValueError, IndexError):
        user = colon = password = ""
    if not colon or not user:
        remedy = "write USER:PASSWORD in its first line"
        raise UsageError(f"{login} has no user name and password that can be read", where="engine_login", remedy=remedy)
    return user, password
