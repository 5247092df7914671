"""What could keep a server from serving well, on this machine: `quoth doctor`.

Each check looks at one subject and yields findings. None writes anything, and none asks another machine than the
server itself and the engine that the settings name.
"""

import dataclasses
import http.client
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.errors import QuothError, ReleaseError, masked
from quoth.http import client_address
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.release import Release, Releases
from quoth.server import machine, rate_limit
from quoth.server.machine import Findings, Status

ANSWER_LIMIT_S = 10.0
_MB = 2**20
_SECRET = re.compile(r"password|passphrase|secret|token|credential|api_?key", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """What a check found, and what to do about it, where there is something to do."""

    check: str
    status: Status
    detail: str
    remedy: str | None = None

    def __str__(self) -> str:
        return f"{self.status:8}{self.check}: {self.detail}" + (f" ({self.remedy})" if self.remedy else "")


Opener = Callable[[Settings], tuple[Engine, Release]]


def shown(name: str, value: object) -> str:
    """The value of a setting for people; of one that is a credential, only whether it is set."""
    if value in ("", None, ()):
        return ""
    return "(set)" if _SECRET.search(name) else masked(" ".join(value) if isinstance(value, tuple) else str(value))


def examine(settings: Settings, opener: Opener) -> list[Finding]:
    """The findings of all checks. ``opener`` opens the current release and its engine."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            found = list(check(settings, opener))
        except QuothError as error:
            place = f"{error.where}: " if error.where else ""
            detail = "; ".join(getattr(error, "__notes__", ())) or place + error.detail
            found = [("fault", detail, error.remedy)]
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            found = [("fault", f"{place}{error.strerror or error}", None)]
        said = {finding.detail for finding in findings}  # what one check cannot read, the next one cannot, either
        for status, what, remedy in found:
            if masked(what) not in said:
                findings.append(Finding(name, status, masked(what), remedy and masked(remedy)))
    return findings


def _settings(settings: Settings, opener: Opener) -> Findings:
    """Those that only a server reads."""
    trusted = client_address.networks(settings.trusted_proxies)
    rate_limit.rates(settings.query_rate_limit)
    if any(network.prefixlen == 0 for network in trusted):
        remedy = "name the addresses of your proxies in trusted_proxies"
        yield "fault", "every client is trusted as a proxy, so that each says itself which address it has", remedy
    yield "ok", "every setting can be read", None
    for name, meant in Settings.unknown(os.environ).items():
        yield "warning", f"{name} is not one of the settings", f"did you mean {meant}?" if meant else "unset it"


def _release(settings: Settings, opener: Opener) -> Findings:
    """Whether the current one can be read and is complete, and where its addresses lead."""
    release = Releases(settings.releases, settings.base).current()
    release.verify(VERIFIED_BYTES)
    made = release.manifest
    detail = f"release {release.number} of {made.created}, {made.claims:,} claims, is complete"
    yield "ok", f"{detail}; format {made.format}, by {made.software}", None
    if made.base != settings.public_url:
        remedy = "publish with --base, or serve with --public-url"
        yield "warning", f"its IRIs begin with {made.base}, the server is reached at {settings.public_url}", remedy
    for number in Releases(settings.releases).numbers():
        try:
            Releases(settings.releases).open(number)
        except ReleaseError as error:
            yield "warning", f"release {number} cannot be opened: {error.detail}", "restore it from a copy, or prune it"


def _engine(settings: Settings, opener: Opener) -> Findings:
    engine, release = opener(settings)
    with closing(engine):
        engine.check()
        began = time.perf_counter()
        with engine.answer(Query("ASK { ?s ?p ?o }"), Wanted()) as answer:
            says = json.loads(b"".join(answer.chunks))["boolean"]
        took = f"{(time.perf_counter() - began) * 1000:.0f} ms"
    which = f"the engine at {settings.engine}" if settings.engine else "the embedded engine"
    if not says:
        yield "fault", f"{which} holds nothing of release {release.number}", None
    yield "ok", f"{which} answers for release {release.number} (a query took {took})", None


def _proxy(settings: Settings, opener: Opener) -> Findings:
    """Whether the address from outside and the proxies go together."""
    outside = urlsplit(settings.public_url)
    own = outside.hostname in ("localhost", settings.host)
    before = outside.scheme == "https" or (not own and (outside.port or 80) != settings.port)
    if before and not settings.trusted_proxies:
        detail = f"a proxy has to stand before this server at {settings.public_url}, and none is trusted"
        remedy = (
            "name its address in trusted_proxies: without it, all its clients count as one in limits and in the log"
        )
        yield "warning", detail, remedy
    elif not before and _is_open(settings.host):
        remedy = "let a proxy handle TLS, and listen on 127.0.0.1 or a private address"
        yield "warning", f"the server listens on {settings.host} without a proxy that handles TLS", remedy
    else:
        yield "ok", f"public_url {settings.public_url}, trusted proxies: {settings.trusted_proxies or 'none'}", None


def _is_open(host: str) -> bool:
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _server(settings: Settings, opener: Opener) -> Findings:
    """Whether one runs at the address of the settings, is ready, and is reached as the public URL says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    try:
        status, ready = _asked(host, settings, "/ready")
    except ConnectionRefusedError:
        yield "ok", f"no server runs at {settings.host} port {settings.port}", None
        return
    except (OSError, http.client.HTTPException) as error:
        yield "fault", f"the server at {settings.host} port {settings.port} does not answer: {error!r}", "restart it"
        return
    current = Releases(settings.releases).current_number()
    if status != 200:
        yield "fault", f"the server is not ready: {status}, {ready.get('detail', '')}", "see its log"
    elif ready.get("release") != current:
        detail = f"the server serves release {ready.get('release')}, current is {current}"
        yield "warning", detail, "see its log, or send it SIGHUP"
    described = _asked(host, settings, "/openapi.json")[1].get("servers", [{}])[0].get("url", "")
    if described != settings.public_url.rstrip("/"):
        detail = f"the server believes to be reached at {described}, these settings say {settings.public_url}"
        yield "warning", detail, "give both the same settings, or restart it"
    elif status == 200:
        yield "ok", f"the server at port {settings.port} is ready, and its links begin with {settings.public_url}", None


def _asked(host: str, settings: Settings, path: str) -> tuple[int, Mapping[str, Any]]:
    """The status and the JSON of a response, to a request such as a proxy before the public URL sends."""
    connection = http.client.HTTPConnection(host, settings.port, timeout=ANSWER_LIMIT_S)
    with closing(connection):
        fields = {"Host": urlsplit(settings.public_url).netloc, "Accept": "application/json"}
        connection.request("GET", settings.root + path, headers=fields)
        response = connection.getresponse()
        body = response.read(16 * _MB)
    try:
        value = json.loads(body)
    except ValueError:
        value = {}
    return response.status, value if isinstance(value, dict) else {}


CHECKS: Mapping[str, Callable[[Settings, Opener], Findings]] = {
    "settings": _settings,
    "release": _release,
    "engine": _engine,
    "clock": machine.clock,
    "disk": machine.disk,
    "resources": machine.resources,
    "permissions": machine.permissions,
    "proxy": _proxy,
    "server": _server,
}
"""What is looked at, in the order of the report."""


def values(settings: Settings, origins: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Each setting's value for people, and where it comes from."""
    return {
        f.name: {"value": shown(f.name, getattr(settings, f.name)), "from": origins[f.name]}
        for f in dataclasses.fields(settings)
    }
