"""The one table of settings: name, default, environment variable, help."""

import dataclasses
import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pyoxigraph as ox

from quoth.corpus import quoth_toml, side_by_side
from quoth.errors import UsageError

DEFAULT_BASE = "http://localhost:8000/"

PREFIX = "QUOTH_"
"""The beginning of the name of each variable in the environment."""

Converter = Callable[[Any, str], Any]
"""Makes the value of a setting from what an option or a variable gives, and the name of that; raises UsageError."""


def _path(raw: Any, where: str) -> Path:
    if not str(raw):
        raise UsageError("the path is empty", where=where)
    return Path(raw)


def _text(raw: Any, where: str) -> str:
    return str(raw)


def _number(raw: Any, where: str, type_: type[int] | type[float], least: float = 0, most: int = 10**9) -> float:
    """A number above zero, from ``least`` to ``most``: the system takes no more seconds, bytes or rows."""
    kind = "a whole number" if type_ is int else "a number"
    remedy = f"give {kind} {f'from {least:,}' if least else 'above zero'} up to {most:,}, without a unit"
    try:
        value = type_(raw)
        if isinstance(raw, str) and not raw.strip().isascii():
            raise ValueError
    except ValueError:
        raise UsageError(f"{raw!r} is not {kind}", where=where, remedy=remedy) from None
    if not max(0, least) <= value <= most or not value:
        why = "is too large" if value > most else "is not above zero" if not value > 0 else "is too small"
        raise UsageError(f"{raw!r} {why}", where=where, remedy=remedy)
    return value


def _host(raw: Any, where: str) -> str:
    text = str(raw).strip()
    if not text:
        raise UsageError("the address is missing", where=where, remedy="give one like 127.0.0.1, or 0.0.0.0 for all")
    return text.removeprefix("[").removesuffix("]")


def _web_address(raw: Any, where: str, example: str = "https://creativecommons.org/licenses/by/4.0/") -> str:
    """An absolute http(s) URL, or nothing."""
    text = str(raw).strip()
    return text and _http_url(text, where, example)


def _engine(raw: Any, where: str) -> str:
    """URLs of servers, separated by spaces, each with the prefix of its dialect or all without (engine/remote)."""
    for text in str(raw).split():
        try:
            _http_url(re.sub(r"\A[a-z0-9]+\+", "", text), where, "")
        except UsageError:  # which shows the URL, and with it a password
            remedy = "give one like https://example.org/sparql or fuseki+http://localhost:3030/velm"
            raise UsageError("it is not an absolute http URL", where=where, remedy=remedy) from None
        if urlsplit(text).username and f"{quoth_toml.NAME}:" in where:
            remedy = "leave it out, and name the file that has it in QUOTH_ENGINE_LOGIN"
            raise UsageError("a password is in a file that others read", where=where, remedy=remedy)
    return " ".join(str(raw).split())


def _contact(raw: Any, where: str) -> str:
    """A mailto: URL (RFC 6068) with an address, or an absolute http(s) URL."""
    text, remedy = str(raw), "give one like mailto:claims@example.org"
    try:
        parts = urlsplit(text)
        ox.NamedNode(text)  # the catalogue names it
    except ValueError:
        raise UsageError(f"{text!r} is not a URL", where=where, remedy=remedy) from None
    legal = (parts.scheme == "mailto" and "@" in parts.path) or (parts.scheme in ("http", "https") and parts.hostname)
    if not legal or not _FORBIDDEN.isdisjoint(text):
        raise UsageError(f"{text!r} is not a contact address", where=where, remedy=remedy)
    return text


def _reference(raw: Any, where: str) -> str:
    """An IRI, or one that is relative to the dataset base (RFC 3986 §4.1)."""
    text = str(raw)
    try:
        ox.NamedNode(text if urlsplit(text).scheme else DEFAULT_BASE + text)
    except ValueError:
        remedy = "give one like id/org/velm-news or https://example.org/"
        raise UsageError(f"{text!r} is not an IRI", where=where, remedy=remedy) from None
    return text


def _names(raw: Any, where: str) -> tuple[str, ...]:
    """Names in a list, or in a text with spaces or commas between them."""
    return tuple(raw.replace(",", " ").split() if isinstance(raw, str) else raw)


def _switch(raw: Any, where: str) -> str:
    """``on`` or ``off``; a quoth.toml and an option have true and false."""
    text = {True: "on", False: "off"}[raw] if isinstance(raw, bool) else str(raw).strip().lower()
    if text not in ("on", "off"):
        raise UsageError(f"{raw!r} is neither on nor off", where=where, remedy="give on or off")
    return text


def _base_iri(raw: Any, where: str) -> str:
    """An absolute http(s) URL that ends in a slash, without query and fragment (RFC 3986 §4.3)."""
    text = _http_url(str(raw), where, "https://example.org/claims/")
    if urlsplit(text).query or "?" in text:
        raise UsageError(f"{text!r} has a query", where=where, remedy="give one like https://example.org/claims/")
    return text if text.endswith("/") else text + "/"


def _http_url(text: str, where: str, example: str) -> str:
    try:
        parts = urlsplit(text)
        legal = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "#" not in text
    except ValueError:
        legal = False
    if not legal or not _FORBIDDEN.isdisjoint(text):
        told = re.sub("//.*@", "//…@", text, flags=re.DOTALL)  # a password may stand there
        raise UsageError(f"{told!r} is not an absolute http URL", where=where, remedy=f"give one like {example}")
    return text


_FORBIDDEN = frozenset(' <>"{}|\\^`\n\r\t')
"""Characters that no IRI has (RFC 3987 §2.2), of those that urlsplit lets pass."""


def _number_or_none(raw: Any, where: str) -> float:
    """A whole number, or 0."""
    return 0 if str(raw).strip() == "0" else _number(raw, where, int)


_processes = partial(_number, type_=int, most=1000)
_memory = partial(_number, type_=int, least=300)  # with less, a process cannot start

_BY_TYPE: dict[type, Converter] = {
    str: _text,
    int: partial(_number, type_=int),
    float: partial(_number, type_=float),
}


def setting(default: Any, help: str, convert: Converter | None = None, *, serves: bool = True) -> Any:
    """A field of Settings with its help, which the documentation and ``--help`` show, and its converter; ``serves``:
    whether it is an option of ``quoth serve``, too."""
    metadata = {"help": help, "convert": convert or _BY_TYPE[type(default)], "serves": serves}
    return field(default=default, metadata=metadata)


DEFAULT = "default"
"""Where a setting comes from that nobody gives."""


def flag(name: str) -> str:
    """The option of a setting, without the hyphens before it."""
    return name.replace("_", "-")


@dataclass(frozen=True)
class Settings:
    """The settings of an operator: the one table. Each is a variable QUOTH_<NAME> in the environment, an option of
    ``quoth serve`` and, if ``SETTINGS`` in corpus/quoth_toml.py has it, a key of quoth.toml. Units are in the names."""

    releases: Path = setting(Path("releases"), "Directory of the releases.", _path)
    base: str = setting(DEFAULT_BASE, "Dataset base: what the relative IRIs of documents resolve against.", _base_iri)
    keep_releases: int = setting(
        0,
        "Releases that `quoth publish` keeps, the newest ones and the current one; 0: all.",
        _number_or_none,
        serves=False,
    )
    public_url: str = setting(
        DEFAULT_BASE,
        "URL at which the server is reached from outside; unset: the base, or else localhost.",
        _base_iri,
    )
    title: str = setting("", "Title of the dataset; empty: none of its own.")
    publisher: str = setting(
        "", "Who publishes the dataset: an agent in it, like `id/org/velm-news`, or another IRI.", _reference
    )
    licence: str = setting(
        "", "URL of the dataset's licence; empty: that of its documents, if they all have the same.", _web_address
    )
    questions: tuple[str, ...] = setting(
        (), "Names of the questions that are shown, separated by spaces or commas; empty: all.", _names
    )
    texts: Path | None = setting(
        None,
        "Directory of the articles' texts: anchors are checked against them, and a claim's page shows the sentence"
        " around its quotation.",
        _path,
    )
    engine: str = setting(
        "",
        "URL of a SPARQL 1.1 endpoint that holds the release, or, like `fuseki+http://localhost:3030/velm`, where"
        " `quoth publish` loads each release; empty: the embedded one.",
        _engine,
    )
    engine_login: Path | None = setting(
        None, "File with USER:PASSWORD for the engine in its first line; unset: those in its URL, if any.", _path
    )
    host: str = setting("127.0.0.1", "Address that the server listens on.", _host)
    port: int = setting(8000, "Port that the server listens on.", partial(_number, type_=int, most=65535))
    query_time_limit_s: float = setting(10.0, "Seconds after its arrival when an ad-hoc query is stopped.")
    query_delivery_limit_s: float = setting(60.0, "Seconds after its end within which its result has to be fetched.")
    query_memory_mb: int = setting(1024, "Memory that the process of an ad-hoc query may use.", _memory)
    query_result_mb: int = setting(1024, "Size that the result of an ad-hoc query may have.")
    query_result_rows: int = setting(5_000_000, "Rows or triples that the result of an ad-hoc query may have.")
    query_spool_mb: int = setting(
        4096, "Disk (TMPDIR) for results over 64 KB until they are fetched, half of it for one client; past it, 503."
    )
    query_workers: int = setting(4, "Processes for ad-hoc queries; one client gets all but one.", _processes)
    query_long_workers: int = setting(
        6, "Further ones, of low priority, for queries that take longer than 0.5 s; past them, 503.", _processes
    )
    query_queue: int = setting(128, "Ad-hoc queries that may wait, half of them of one client; past it, 503.")
    query_rate_limit: str = setting(
        "", "Ad-hoc queries of one client, like `60/minute`; past it, 429; empty: no limit."
    )
    trusted_proxies: str = setting("", "Addresses or networks of proxies whose X-Forwarded-For names the client.")
    service_endpoints: str = setting(
        "", "URLs of SPARQL endpoints that SERVICE may call, separated by spaces or commas; empty: none."
    )
    service_time_limit_s: float = setting(5.0, "Seconds after which one call of SERVICE is given up.")
    service_result_mb: int = setting(16, "Size that the result of one call of SERVICE may have.")
    drain_limit_s: int = setting(10, "Seconds that running requests have left when the server stops.")
    verify_workers: int = setting(
        2, "Processes for texts that are held against the record; one client gets all but one.", _processes
    )
    query_size_kb: int = setting(256, "Size of a request's body, in units of 1,024 bytes; past it, 413.")
    page_rows: int = setting(1000, "Rows on one page of a question's answer.")
    mcp: str = setting(
        "off", "Whether assistants are served at /mcp (Model Context Protocol): on or off; needs `quoth[mcp]`.", _switch
    )
    open_releases: int = setting(
        3,
        "Earlier releases that are open at a time, for documents and queries; past it, that of the oldest use closes.",
    )
    contact: str = setting(
        "", "Where to dispute a claim: a mailto: or http(s) URL; empty: pages say that none is given.", _contact
    )
    link_targets: Path | None = setting(
        None, "Table of the servers that `quoth link` may ask (TOML); empty: the shipped table.", _path, serves=False
    )
    link_cache: Path = setting(
        Path(".quoth-link"), "Directory where `quoth link` keeps the answers it was given.", _path, serves=False
    )
    cache: Path | None = setting(
        None,
        "Directory where checks keep what they found; unset: `quoth` in the user's cache directory.",
        _path,
        serves=False,
    )
    processes: int = setting(
        1, "Processes that serve; each has a cache, a rate count and query processes of its own.", _processes
    )
    cache_mb: int = setting(64, "Memory for finished responses, in each process.")
    access_log: str = setting("on", "A line of JSON for each request: on (standard error), off, or a file.")

    @property
    def root(self) -> str:
        """The path of the public URL, without a slash at its end."""
        return urlsplit(self.public_url).path.rstrip("/")

    @classmethod
    def variables(cls) -> list[str]:
        """The name of each setting's variable in the environment."""
        return [f"{PREFIX}{f.name.upper()}" for f in dataclasses.fields(cls)]

    @classmethod
    def unknown(cls, environment: Mapping[str, str]) -> dict[str, str | None]:
        """The variables that look like those of settings and are none, each with the one that is meant, if any is."""
        names = sorted(name for name in environment if name.startswith(PREFIX) and name not in cls.variables())
        return {name: next(iter(difflib.get_close_matches(name, cls.variables(), 1, 0.85)), None) for name in names}

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, paths: Sequence[Path] = (), **options: Any
    ) -> Self:
        """Settings from ``options`` (None means not given), else the environment, else the quoth.toml of the corpus
        that ``paths`` are in (or else the current folder), else the defaults.

        Without a public URL, a server that has a dataset base is reached there, and any other on this machine at its
        port. Raises UsageError for values of the wrong form, and for variables whose names are nearly those of
        others: one error that names them all.
        """
        environment = os.environ if environment is None else environment
        wrong = [
            UsageError("there is no such setting", where=variable, remedy=f"did you mean {meant}?")
            for variable, meant in cls.unknown(environment).items()
            if meant
        ]
        values: dict[str, Any] = {}
        for f, given, where in cls._given(environment, quoth_toml.find_one(paths), options):
            try:
                if where != DEFAULT:
                    values[f.name] = f.metadata["convert"](given, where)
            except UsageError as error:
                wrong.append(error)
        if wrong:
            raise wrong[0] if len(wrong) == 1 else UsageError("; ".join(map(str, wrong)))
        values.setdefault("public_url", values.get("base") or f"http://localhost:{values.get('port', cls.port)}/")
        path = urlsplit(values["public_url"]).path
        if "%" in path or not path.isascii():
            remedy = "give --public-url a path of ASCII letters, digits and hyphens"
            raise UsageError(f"the server cannot be reached under the path {path!r}", where="public_url", remedy=remedy)
        settings = cls(**values)
        # Who serves releases need not have the documents, nor the corpora beside.
        return settings.with_base(settings.base, paths) if paths else settings

    @classmethod
    def origins(
        cls, environment: Mapping[str, str] | None = None, paths: Sequence[Path] = (), **options: Any
    ) -> dict[str, str]:
        """Where ``from_environment`` takes each setting from: an option, a variable, a file with its line, DEFAULT."""
        environment = os.environ if environment is None else environment
        given = cls._given(environment, quoth_toml.find_one(paths), options)
        return {f.name: f"--{flag(where)}" if where == f.name else where for f, _, where in given}

    @classmethod
    def _given(
        cls, environment: Mapping[str, str], corpus: quoth_toml.Corpus | None, options: Mapping[str, Any]
    ) -> Iterator[tuple[dataclasses.Field[Any], Any, str]]:
        """Each setting with what is given for it, and where: the first place that gives a value counts."""
        of_corpus = corpus.settings if corpus else {}
        for f, variable in zip(dataclasses.fields(cls), cls.variables(), strict=True):
            if options.get(f.name) is not None:
                yield f, options[f.name], f.name
            elif environment.get(variable):
                yield f, environment[variable], variable
            elif corpus and f.name in of_corpus:
                yield f, of_corpus[f.name], corpus.where(f.name)
            else:
                yield f, f.default, DEFAULT

    def with_base(self, base: str, paths: Sequence[Path]) -> Self:
        """These settings with another base, and beside it those of the corpora that the corpus of ``paths`` names.
        Raises UsageError for a corpus that cannot be beside it."""
        corpus = quoth_toml.find_one(paths)
        bases = side_by_side.bases(corpus, base, _base_iri) if corpus else base
        return dataclasses.replace(self, base=bases)
