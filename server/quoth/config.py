"""The one table of settings: name, default, environment variable, help."""

import dataclasses
import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from quoth import converters
from quoth.converters import Converter
from quoth.corpus import quoth_toml, side_by_side
from quoth.errors import UsageError

DEFAULT_BASE = "http://localhost:8000/"

PREFIX = "QUOTH_"
"""The beginning of the name of each variable in the environment."""

_BY_TYPE: dict[type, Converter] = {
    str: converters.text,
    int: partial(converters.number, type_=int),
    float: partial(converters.number, type_=float),
}


def setting(
    default: Any, help: str, convert: Converter | None = None, *, serves: bool = True, repr: bool = True
) -> Any:
    """A field of Settings with its help, which the documentation and ``--help`` show, and its converter; ``serves``:
    whether it is an option of ``quoth serve``, too; ``repr``: whether the settings show it as they are printed."""
    metadata = {"help": help, "convert": convert or _BY_TYPE[type(default)], "serves": serves}
    return field(default=default, metadata=metadata, repr=repr)


DEFAULT = "default"
"""Where a setting comes from that nobody gives."""


def flag(name: str) -> str:
    """The option of a setting, without the hyphens before it."""
    return name.replace("_", "-")


@dataclass(frozen=True)
class Settings:
    """The settings of an operator: the one table. Each is a variable QUOTH_<NAME> in the environment, an option of
    ``quoth serve`` and, if ``SETTINGS`` in corpus/quoth_toml.py has it, a key of quoth.toml. Units are in the names."""

    releases: Path = setting(Path("releases"), "Directory of the releases.", converters.path)
    base: str = setting(
        DEFAULT_BASE, "Dataset base: what the relative IRIs of documents resolve against.", converters.base_iri
    )
    keep_releases: int = setting(
        0,
        "Releases that `quoth publish` keeps, the newest ones and the current one; 0: all.",
        converters.number_or_none,
        serves=False,
    )
    public_url: str = setting(
        DEFAULT_BASE,
        "URL at which the server is reached from outside; unset: the base, or else localhost.",
        converters.base_iri,
    )
    title: str = setting("", "Title of the dataset; empty: none of its own.")
    publisher: str = setting(
        "", "Who publishes the dataset: an agent in it, like `id/org/velm-news`, or another IRI.", converters.reference
    )
    licence: str = setting(
        "",
        "URL of the dataset's licence; empty: that of its documents, if they all have the same.",
        converters.web_address,
    )
    questions: tuple[str, ...] = setting(
        (), "Names of the questions that are shown, separated by spaces or commas; empty: all.", converters.names
    )
    texts: Path | None = setting(
        None,
        "Directory of the articles' texts: anchors are checked against them, and a claim's page shows the sentence"
        " around its quotation.",
        converters.path,
    )
    engine: str = setting(
        "",
        "URL of a SPARQL 1.1 endpoint that holds the release, or, like `fuseki+http://localhost:3030/velm`, where"
        " `quoth publish` loads each release; empty: the embedded one.",
        converters.engine,
        repr=False,  # there may be a password in it
    )
    engine_login: Path | None = setting(
        None,
        "File with USER:PASSWORD for the engine in its first line; unset: those in its URL, if any.",
        converters.login,
    )
    host: str = setting("127.0.0.1", "Address that the server listens on.", converters.host)
    port: int = setting(8000, "Port that the server listens on.", partial(converters.number, type_=int, most=65535))
    query_time_limit_s: float = setting(10.0, "Seconds after its arrival when an ad-hoc query is stopped.")
    query_delivery_limit_s: float = setting(60.0, "Seconds after its end within which its result has to be fetched.")
    query_memory_mb: int = setting(
        1024, "Memory that the process of an ad-hoc query may use, at least 300.", converters.memory
    )
    query_result_mb: int = setting(1024, "Size that the result of an ad-hoc query may have.")
    query_result_rows: int = setting(5_000_000, "Rows or triples that the result of an ad-hoc query may have.")
    query_spool_mb: int = setting(
        4096, "Disk (TMPDIR) for results over 64 KB until they are fetched, half of it for one client; past it, 503."
    )
    query_workers: int = setting(4, "Processes for ad-hoc queries; one client gets all but one.", converters.processes)
    query_long_workers: int = setting(
        6,
        "Further ones, of low priority, for queries that take longer than 0.5 s; past them, 503.",
        converters.processes,
    )
    query_queue: int = setting(128, "Ad-hoc queries that may wait, half of them of one client; past it, 503.")
    query_rate_limit: str = setting(
        "",
        "Ad-hoc queries of one client, like `60/minute`; past it, 429; empty: no limit.",
        converters.text_for(converters.rates),
    )
    trusted_proxies: str = setting(
        "",
        "Addresses or networks of proxies whose X-Forwarded-For names the client.",
        converters.text_for(converters.networks),
    )
    service_endpoints: str = setting(
        "",
        "URLs of SPARQL endpoints that SERVICE may call, separated by spaces or commas; empty: none.",
        converters.text_for(converters.endpoints),
    )
    service_time_limit_s: float = setting(5.0, "Seconds after which one call of SERVICE is given up.")
    service_result_mb: int = setting(16, "Size that the result of one call of SERVICE may have.")
    drain_limit_s: int = setting(10, "Seconds that running requests have left when the server stops.")
    verify_workers: int = setting(
        2, "Processes for texts that are held against the record; one client gets all but one.", converters.processes
    )
    query_size_kb: int = setting(256, "Size of a request's body, in units of 1,024 bytes; past it, 413.")
    page_rows: int = setting(1000, "Rows on one page of a question's answer.")
    mcp: str = setting(
        "off",
        "Whether assistants are served at /mcp (Model Context Protocol): on or off; needs `quoth[mcp]`.",
        converters.switch,
    )
    open_releases: int = setting(
        3,
        "Earlier releases that are open at a time, for documents and queries; past it, that of the oldest use closes.",
    )
    contact: str = setting(
        "",
        "Where to dispute a claim: a mailto: or http(s) URL; empty: pages say that none is given.",
        converters.contact,
    )
    link_targets: Path | None = setting(
        None,
        "Table of the servers that `quoth link` may ask (TOML); empty: the shipped table.",
        converters.path,
        serves=False,
    )
    link_cache: Path = setting(
        Path(".quoth-link"),
        "Directory where `quoth link` keeps the answers it was given.",
        converters.path,
        serves=False,
    )
    cache: Path | None = setting(
        None,
        "Directory where checks keep what they found; unset: `quoth` in the user's cache directory.",
        converters.path,
        serves=False,
    )
    processes: int = setting(
        1, "Processes that serve; each has a cache, a rate count and query processes of its own.", converters.processes
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
        return {f.name: where for f, _, where in cls._given(environment, quoth_toml.find_one(paths), options)}

    @classmethod
    def _given(
        cls, environment: Mapping[str, str], corpus: quoth_toml.Corpus | None, options: Mapping[str, Any]
    ) -> Iterator[tuple[dataclasses.Field[Any], Any, str]]:
        """Each setting with what is given for it, and where: the first place that gives a value counts."""
        of_corpus = corpus.settings if corpus else {}
        for f, variable in zip(dataclasses.fields(cls), cls.variables(), strict=True):
            if options.get(f.name) is not None:
                yield f, options[f.name], f"--{flag(f.name)}"
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
        bases = side_by_side.bases(corpus, base, converters.base_iri) if corpus else base
        return dataclasses.replace(self, base=bases)
