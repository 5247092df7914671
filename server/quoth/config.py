"""The one table of settings: name, default, environment variable, help."""

import dataclasses
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pyoxigraph as ox

from quoth.errors import UsageError

DEFAULT_BASE = "http://localhost:8000/"


def setting(default: Any, help: str) -> Any:
    """A field of Settings with its help, which the documentation and ``--help`` show."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """What an operator can set, each by QUOTH_<NAME> in the environment. Units are in the names."""

    releases: Path = setting(Path("releases"), "Directory of the releases.")
    base: str = setting(DEFAULT_BASE, "Dataset base: what the relative IRIs of documents resolve against.")
    public_url: str = setting(DEFAULT_BASE, "URL at which the server is reached from outside.")
    texts: Path | None = setting(None, "Directory of the articles' texts, for checking anchors.")
    engine: str = setting("", "URL of a SPARQL 1.1 endpoint that holds the release; empty: the embedded one.")
    host: str = setting("127.0.0.1", "Address that the server listens on.")
    port: int = setting(8000, "Port that the server listens on.")
    query_time_limit_s: float = setting(10.0, "Seconds from its arrival after which an ad-hoc query is ended.")
    query_delivery_limit_s: float = setting(60.0, "Seconds from its end in which its result has to be fetched.")
    query_memory_mb: int = setting(1024, "Memory that the process of an ad-hoc query may use.")
    query_result_mb: int = setting(1024, "Size that the result of an ad-hoc query may have.")
    query_result_rows: int = setting(5_000_000, "Rows or triples that the result of an ad-hoc query may have.")
    query_spool_mb: int = setting(
        4096, "Disk (TMPDIR) for results over 64 KB until they are fetched, half of it for one client; past it, 503."
    )
    query_workers: int = setting(4, "Processes for ad-hoc queries; one client gets all but one.")
    query_long_workers: int = setting(
        6, "Further ones, of low priority, for queries that take longer than 0.5 s; past them, 503."
    )
    query_queue: int = setting(128, "Ad-hoc queries that may wait, half of them of one client; past it, 503.")
    query_rate_limit: str = setting("", "Ad-hoc queries of one client, like `60/minute`; past it, 429; empty: any.")
    trusted_proxies: str = setting("", "Addresses or networks of proxies whose X-Forwarded-For names the client.")
    service_endpoints: str = setting("", "URLs of SPARQL endpoints that SERVICE may call; empty: none.")
    service_time_limit_s: float = setting(5.0, "Seconds after which one call of SERVICE is given up.")
    service_result_mb: int = setting(16, "Size that the result of one call of SERVICE may have.")
    drain_limit_s: int = setting(10, "Seconds that running requests have to end in when the server stops.")
    query_size_kb: int = setting(256, "Size of a request's body, in units of 1,024 bytes; past it, 413.")
    page_rows: int = setting(1000, "Rows on one page of a question's answer.")
    contact: str = setting(
        "", "Where to dispute a claim: a mailto: or http(s) URL; empty: pages say that there is none."
    )
    link_targets: Path | None = setting(None, "Table of what `quoth link` may ask (TOML); empty: the shipped one.")
    link_cache: Path = setting(Path(".quoth-link"), "Directory where `quoth link` keeps what it was answered.")
    processes: int = setting(1, "Processes that serve; each has a cache, a rate count and query processes of its own.")
    cache_mb: int = setting(64, "Memory for finished responses, in each process.")
    access_log: str = setting("on", "A line of JSON for each request: on (standard error), off, or a file.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Self:
        """Settings from ``given`` (None means not given), else the environment, else the defaults.

        Raises UsageError for a value of the wrong form.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for f in dataclasses.fields(cls):
            variable = f"QUOTH_{f.name.upper()}"
            raw = given.get(f.name)
            where = f.name
            if raw is None and environment.get(variable):
                raw, where = environment[variable], variable
            if raw is not None:
                values[f.name] = _converted(f.name, raw, f.default, where)
        if "public_url" not in values and ("base" in values or "port" in values):
            # A server that is told its base is there; one that is told only its port is on this machine.
            values["public_url"] = values.get("base") or f"http://localhost:{values['port']}/"
        path = urlsplit(values.get("public_url", "")).path
        if "%" in path or not path.isascii():
            remedy = "give --public-url a path of ASCII letters, digits and hyphens"
            raise UsageError(f"the server cannot be reached under the path {path!r}", where="public_url", remedy=remedy)
        return cls(**values)


def _converted(name: str, raw: Any, default: Any, where: str) -> Any:
    try:
        if name in ("base", "public_url"):
            return base_iri(str(raw))
        if name in ("texts", "link_targets") or isinstance(default, Path):
            return Path(raw)
        if name == "contact":
            return contact(str(raw))
        value = type(default)(raw)
    except ValueError:
        raise UsageError(f"{raw!r} is not a {type(default).__name__}", where=where) from None
    if isinstance(value, int | float) and not 0 < value < math.inf:
        raise UsageError(f"{raw!r} is not above zero", where=where)
    if name == "port" and value > 65535:
        raise UsageError(f"{raw!r} is no port", where=where, remedy="give a number from 1 to 65535")
    return value


def contact(text: str) -> str:
    """A mailto: URL (RFC 6068) with an address, or an absolute http(s) URL. Raises UsageError for anything else."""
    try:
        parts = urlsplit(text)
        ox.NamedNode(text)  # the catalogue names it
    except ValueError:
        raise UsageError(f"{text!r} is not a URL") from None
    legal = (parts.scheme == "mailto" and "@" in parts.path) or (parts.scheme in ("http", "https") and parts.hostname)
    if not legal or any(c in text for c in ' <>"{}|\\^`\n\r\t'):
        raise UsageError(f"{text!r} is no way to reach anybody", remedy="give one like mailto:claims@example.org")
    return text


def base_iri(text: str) -> str:
    """An absolute http(s) URL that ends in a slash, without query and fragment (RFC 3986 §4.3).

    Raises UsageError for anything else.
    """
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise UsageError(f"{text!r} is not a URL") from None
    legal = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
    if not legal or any(c in text for c in ' <>"{}|\\^`\n\r\t'):
        raise UsageError(f"{text!r} is not an absolute http URL", remedy="give one like https://example.org/claims/")
    return text if text.endswith("/") else text + "/"
