"""Converters: the value of a setting (config.py) from the text of an option, of a variable or of quoth.toml.

Each takes what is given and where, and raises UsageError, which has nothing of a password in it, for what cannot be.
"""

import re
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from quoth.corpus import quoth_toml
from quoth.errors import UsageError, masked

if TYPE_CHECKING:
    from limits import RateLimitItem

Converter = Callable[[Any, str], Any]
"""Makes the value of a setting from what an option or a variable gives, and the name of that."""

_FORBIDDEN = frozenset(' <>"{}|\\^`') | {chr(code) for code in range(32)}
"""Characters that no IRI has (RFC 3987 §2.2), of those that urlsplit lets pass."""


def path(raw: Any, where: str) -> Path:
    if not str(raw):
        raise UsageError("the path is empty", where=where)
    return Path(raw)


def text(raw: Any, where: str) -> str:
    return str(raw)


def text_for(parse: Callable[[str, str], object]) -> Converter:
    """Converts to the text that is given, if ``parse`` can read it."""

    def convert(raw: Any, where: str) -> str:
        parse(str(raw), where)
        return str(raw)

    return convert


def number(raw: Any, where: str, type_: type[int] | type[float], least: float = 0, most: int = 10**9) -> float:
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


def host(raw: Any, where: str) -> str:
    text = str(raw).strip()
    if not text:
        raise UsageError("the address is missing", where=where, remedy="give one like 127.0.0.1, or 0.0.0.0 for all")
    return text.removeprefix("[").removesuffix("]")


def web_address(raw: Any, where: str, example: str = "https://creativecommons.org/licenses/by/4.0/") -> str:
    """An absolute http(s) URL, or nothing."""
    text = str(raw).strip()
    return text and _http_url(text, where, example)


def engine(raw: Any, where: str) -> str:
    """URLs of servers, separated by spaces, each with the prefix of its dialect or all without (engine/remote)."""
    for each in str(raw).split():
        try:
            url = _http_url(re.sub(r"\A[a-z0-9]+\+", "", each), where, "", login=True)
        except UsageError:  # of a password that has a space, it has one part alone
            remedy = "give one like https://example.org/sparql or fuseki+http://localhost:3030/velm"
            raise UsageError(f"{_told(str(raw))} is not an absolute http URL", where=where, remedy=remedy) from None
        if urlsplit(url).username is not None and f"{quoth_toml.NAME}:" in where:
            remedy = "leave it out, and name the file that has it in QUOTH_ENGINE_LOGIN"
            raise UsageError("a password is in a file that others read", where=where, remedy=remedy)
    return " ".join(str(raw).split())


def endpoints(text: str, where: str) -> list[str]:
    """http(s) URLs, separated by white space or commas."""
    example = "https://example.org/sparql, separated by spaces or commas; a comma within one is %2C"
    return [_http_url(url, where, example) for url in re.split(r"[\s,]+", text) if url]


Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str, where: str) -> Networks:
    """Addresses and networks (CIDR), separated by white space or commas."""
    try:
        return tuple(ip_network(part, strict=False) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise UsageError(str(error), where=where, remedy="write them like 10.0.0.0/8, ::1") from None


def rates(text: str, where: str) -> "list[RateLimitItem]":
    """Rates, separated by commas or semicolons; none of an empty text."""
    from limits import parse_many  # which takes a while to import, and few name any

    try:
        return parse_many(text) if text else []
    except ValueError:
        remedy = "write it like 60/minute or 5/second;1000/hour"
        raise UsageError(f"{text!r} is not a rate", where=where, remedy=remedy) from None


def login(raw: Any, where: str) -> Path:
    """The path of a file with a user name and a password: not these themselves."""
    given = path(raw, where)
    if ":" in str(raw) and not given.is_file():
        raise UsageError("there is no such file", where=where, remedy="write USER:PASSWORD into a file, and name that")
    return given


def contact(raw: Any, where: str) -> str:
    """A mailto: URL (RFC 6068) with an address, or an absolute http(s) URL."""
    text, remedy = str(raw), "give one like mailto:claims@example.org"
    try:
        parts = urlsplit(text)
        ox.NamedNode(text)  # the catalogue names it
    except ValueError:
        raise UsageError(f"{_told(text)} is not a URL", where=where, remedy=remedy) from None
    if parts.scheme in ("http", "https"):
        return _http_url(text, where, "https://example.org/contact", fragment=True)
    if parts.scheme != "mailto" or "@" not in parts.path or not _FORBIDDEN.isdisjoint(text):
        raise UsageError(f"{_told(text)} is not a contact address", where=where, remedy=remedy)
    return text


def reference(raw: Any, where: str) -> str:
    """An IRI, or one that is relative to the dataset base (RFC 3986 §4.1)."""
    text = str(raw)
    try:
        ox.NamedNode(text if urlsplit(text).scheme else f"http://localhost/{text}")
    except ValueError:
        remedy = "give one like id/org/velm-news or https://example.org/"
        raise UsageError(f"{_told(text)} is not an IRI", where=where, remedy=remedy) from None
    return text


def names(raw: Any, where: str) -> tuple[str, ...]:
    """Names in a list, or in a text with spaces or commas between them."""
    return tuple(raw.replace(",", " ").split() if isinstance(raw, str) else raw)


def switch(raw: Any, where: str) -> str:
    """``on`` or ``off``; a quoth.toml and an option have true and false."""
    text = {True: "on", False: "off"}[raw] if isinstance(raw, bool) else str(raw).strip().lower()
    if text not in ("on", "off"):
        raise UsageError(f"{raw!r} is neither on nor off", where=where, remedy="give on or off")
    return text


def base_iri(raw: Any, where: str) -> str:
    """An absolute http(s) URL that ends in a slash, without query and fragment (RFC 3986 §4.3)."""
    text = _http_url(str(raw), where, "https://example.org/claims/")
    if urlsplit(text).query or "?" in text:
        raise UsageError(f"{_told(text)} has a query", where=where, remedy="give one like https://example.org/claims/")
    return text if text.endswith("/") else text + "/"


def _http_url(text: str, where: str, example: str, *, login: bool = False, fragment: bool = False) -> str:
    remedy = f"give one like {example}"
    try:
        parts = urlsplit(text)
        legal = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        legal = False
    if not legal or not _FORBIDDEN.isdisjoint(text) or ("#" in text and not fragment):
        raise UsageError(f"{_told(text)} is not an absolute http URL", where=where, remedy=remedy)
    if parts.username is not None and not login:
        raise UsageError(f"{_told(text)} has a user name, which everybody would see", where=where, remedy=remedy)
    return text


def _told(text: str) -> str:
    """A value for a message. In what may have a password, no space or quotation mark ends that."""
    return repr(masked(re.sub(r"[\s'\"]", "", text) if "@" in text else text))


def number_or_none(raw: Any, where: str) -> float:
    """A whole number, or 0."""
    return 0 if str(raw).strip() == "0" else number(raw, where, int)


processes = partial(number, type_=int, most=1000)
memory = partial(number, type_=int, least=300)  # with less, a process cannot start
