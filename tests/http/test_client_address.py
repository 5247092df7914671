"""The address of the client that sent a request."""

import pytest

from quoth.converters import networks
from quoth.http import message


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "found"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "10.0.0.0/8", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.0/8", "10.0.0.3"),
        ("10.0.0.1", "unknown", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7:5000", "10.0.0.1", "198.51.100.7"),
        ("::ffff:10.0.0.1", "[2001:db8:1:2:3::4]:443", "10.0.0.1 ::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "", "", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "", "fe80::/64"),
        ("", "198.51.100.7", "10.0.0.0/8", ""),
    ],
    ids=[
        "its own",
        "nobody is trusted",
        "not a trusted one",
        "a proxy",
        "what is made up stands before",
        "two proxies",
        "nothing but proxies",
        "no address",
        "with a port",
        "IPv6 behind a mapped proxy",
        "IPv6",
        "zone",
        "none",
    ],
)
def test_the_client_s_address_behind_trusted_proxies(remote: str, forwarded: str, trusted: str, found: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}
    assert message.of(environ, networks(trusted, "")).client == found
