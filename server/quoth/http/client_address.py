"""The address of a request's client: queries are shared fairly among clients.

The address is the connection's own. X-Forwarded-For counts only as far as proxies that the operator trusts wrote it:
read from its end, the first address that is not a trusted proxy's is the client's. Anybody can have made up what stands
before that.
"""

import functools
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from quoth.converters import Networks

FORWARDED_LIMIT = 250
"""Characters of X-Forwarded-For that are read, from its end: the addresses of more proxies than there are in a row."""


@functools.lru_cache(4096)
def client(forwarded: str, peer: str, trusted: Networks) -> str:
    """The same text for all requests of one client: an IPv4 address, or an IPv6 network of 64 bits, which belongs to
    one subscriber; empty without an address. ``forwarded`` is the end of X-Forwarded-For, ``peer`` the connection's
    address."""
    address = _parsed(peer)
    hops = forwarded.split(",") if forwarded else []
    while address is not None and hops and any(address in network for network in trusted):
        hop = _parsed(hops.pop().strip())
        if hop is None:
            break
        address = hop
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return "" if address is None else str(address)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address as some proxies write it: with a port, in brackets, IPv4 mapped into IPv6."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
