"""The address that a request comes from: whom to be fair to.

The address is the connection's own. X-Forwarded-For is believed only as far as proxies that the operator trusts
wrote it: read from its end, the first address that is not a trusted proxy's is the client's. What stands before that
anybody can have made up.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from quoth.errors import UsageError
from quoth.http.bounded_memo import memoised

MOST_HOPS = 100
"""The hops of X-Forwarded-For that are read, from its end."""

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str) -> Networks:
    """Addresses and networks (CIDR), separated by commas or spaces. Raises UsageError."""
    try:
        return tuple(ip_network(part, strict=False) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise UsageError(str(error), where="trusted_proxies", remedy="write them like 10.0.0.0/8, ::1") from None


def client(environ: Mapping[str, Any], trusted: Networks) -> str:
    """The same for all requests of one client: an IPv4 address, or an IPv6 network of 64 bits, which is one's own."""
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")) if trusted else ""
    return behind(forwarded, str(environ.get("REMOTE_ADDR", "")), trusted)


@memoised(4096)
def behind(forwarded: str, remote: str, trusted: Networks) -> str:
    """The same of what X-Forwarded-For says, if anybody is trusted, and of a connection's address."""
    hops = forwarded.rsplit(",", MOST_HOPS) if trusted else []
    found = _address(remote)
    while found is not None and hops and any(found in network for network in trusted):
        hop = _address(hops.pop().strip())
        if hop is None:
            break
        found = hop
    if found is None:
        return ""
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found)


@memoised(4096)
def _address(text: str) -> Any:
    """An address, as some proxies write it: with a port, in brackets, IPv4 mapped into IPv6."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
