"""What could keep a server from serving well, on this machine: `quoth doctor`.

Each check looks at one subject and yields findings. None writes anything, and none asks another machine than the
server itself, the engine that the settings name, and the public URL where a proxy stands there.
"""

import dataclasses
import errno
import http.client
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.converters import networks
from quoth.engine.remote.dialect import locate
from quoth.errors import QuothError, ReleaseError, masked, permission_remedy, reason
from quoth.release.integrity import VERIFIED_BYTES
from quoth.release.release import Releases
from quoth.server import engine_check, machine
from quoth.server.engine_check import Opener, is_open
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


def shown(name: str, value: object) -> str:
    """The value of a setting for people; of one that is a credential, only whether it is set."""
    if value in ("", None, ()):
        return ""
    return "(set)" if _SECRET.search(name) else masked(" ".join(value) if isinstance(value, tuple) else str(value))


def examine(settings: Settings, opener: Opener) -> list[Finding]:
    """The findings of all checks. ``opener`` opens the current release and its engine."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        found: list[tuple[Status, str, str | None]] = []
        try:
            for each in check(settings, opener):
                found.append(each)
        except QuothError as error:
            place = f"{error.where}: " if error.where else ""
            notes = "; ".join(getattr(error, "__notes__", ()))  # about the engine; the rest is for visitors
            remedy = "see to it, or correct engine and engine_login" if notes else error.remedy
            found.append(("fault", notes or place + error.detail, remedy))
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            found.append(("fault", place + reason(error), permission_remedy(error)))
        said = {finding.detail for finding in findings}  # what one check cannot read, the next one cannot, either
        for status, what, remedy in found:
            if masked(what) not in said:
                findings.append(Finding(name, status, masked(what), remedy and masked(remedy)))
    return findings


def _settings(settings: Settings, opener: Opener) -> Findings:
    """Those that can be read, and are wrong all the same: what cannot be read is found before."""
    trusted = networks(settings.trusted_proxies, "trusted_proxies")
    if any(network.prefixlen == 0 for network in trusted):
        remedy = "name the addresses of your proxies in trusted_proxies"
        yield "fault", "every client is trusted as a proxy, so anybody can claim to have any address", remedy
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


def _clock(settings: Settings, opener: Opener) -> Findings:
    """Whether it goes with the releases, and with the clocks of the engine and of the proxy."""
    yield from machine.clock(settings, opener)
    servers = {"engine": locate(settings.engine).urls[0]} if settings.engine else {}
    if _needs_proxy(settings):
        servers["public URL"] = settings.public_url
    for name, url in servers.items():
        with suppress(OSError, http.client.HTTPException):  # that it is down is for the other checks
            date = _asked(url)[2]
            if date is not None:
                yield from machine.difference(name, date)


def _needs_proxy(settings: Settings) -> bool:
    """Whether the public URL is one at which only a proxy can answer."""
    outside = urlsplit(settings.public_url)
    own = outside.hostname in ("localhost", settings.host)
    return outside.scheme == "https" or (not own and (outside.port or 80) != settings.port)


def _proxy(settings: Settings, opener: Opener) -> Findings:
    """Whether the address from outside and the proxies go together, and the public URL leads to this release."""
    url = settings.public_url
    if not _needs_proxy(settings):
        if is_open(settings.host):
            remedy = "let a proxy handle TLS, and listen on 127.0.0.1 or a private address"
            yield "warning", f"the server listens on {settings.host} without a proxy that handles TLS", remedy
        else:
            yield "ok", f"public_url {url}, trusted proxies: {settings.trusted_proxies or 'none'}", None
        return
    if settings.trusted_proxies:
        yield "ok", f"public_url {url}, trusted proxies: {settings.trusted_proxies}", None
    else:
        detail = f"a proxy has to stand before this server at {url}, and none is trusted"
        remedy = (
            "name its address in trusted_proxies: without it, all its clients count as one in limits and in the log"
        )
        yield "warning", detail, remedy
    try:
        status, ready, _ = _asked(f"{url}ready")
    except (OSError, http.client.HTTPException) as error:
        remedy = "see to its name, its certificate and the proxy, if readers cannot reach it either"
        yield "warning", f"{url} cannot be reached from this machine: {reason(error)}", remedy
        return
    current = Releases(settings.releases).current_number()
    if (status, ready.get("release")) == (200, current):
        yield "ok", f"{url} leads to a server that serves release {current}", None
    else:
        detail = f"{url}ready answers {status}, release {ready.get('release')}; current is release {current}"
        yield "warning", detail, "see where the proxy sends requests"


def _server(settings: Settings, opener: Opener) -> Findings:
    """Whether one runs at the address of the settings, is ready, and is reached as the public URL says; if none does,
    whether one could."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    here, place = (host, settings.port), f"{settings.host} port {settings.port}"
    hindrance = machine.port_error(settings)
    if hindrance is None:
        yield "ok", f"no server runs at {place}, and one can listen there", None
        return
    try:
        if hindrance.errno not in (errno.EADDRINUSE, errno.EACCES):  # nothing of this machine is there to ask
            raise ConnectionRefusedError
        status, ready, _ = _asked(f"{settings.public_url}ready", here)
    except ConnectionRefusedError:
        detail = f"no server can listen at {place}: {reason(hindrance)}"
        yield "fault", detail, "give another address in host, or another port"
        return
    except (OSError, http.client.HTTPException) as error:
        yield "fault", f"what listens at {place} does not answer: {reason(error)}", "restart it, or give another port"
        return
    current = Releases(settings.releases).current_number()
    if not {"release", "detail"} & ready.keys():
        yield "fault", f"what listens at {place} is no server of Quoth", "give another port, or stop the other program"
        return
    if status != 200:
        yield "fault", f"the server is not ready: {status}, {ready.get('detail', '')}", "see its log"
    elif ready.get("release") != current:
        detail = f"the server serves release {ready.get('release')}, current is {current}"
        yield "warning", detail, "see its log, or send it SIGHUP"
    described = _asked(f"{settings.public_url}openapi.json", here)[1].get("servers", [{}])[0].get("url", "")
    if described != settings.public_url.rstrip("/"):
        detail = f"the server believes to be reached at {described}, these settings say {settings.public_url}"
        yield "warning", detail, "give both the same settings, or restart it"
    elif status == 200:
        yield "ok", f"the server at port {settings.port} is ready, and its links begin with {settings.public_url}", None


def _asked(url: str, at: tuple[str, int] | None = None) -> tuple[int, Mapping[str, Any], datetime | None]:
    """The status, the JSON and the time of a response: from the server of a URL, or from that ``at`` a host and a port,
    as a proxy before the URL asks it. No proxy of the environment is asked."""
    parts = urlsplit(url)
    secure = at is None and parts.scheme == "https"
    host, port = at or (parts.hostname or "", parts.port)
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    with closing(kind(host, port, timeout=ANSWER_LIMIT_S)) as connection:
        fields = {"Host": parts.netloc.rpartition("@")[2], "Accept": "application/json"}
        connection.request("GET", parts.path or "/", headers=fields)
        response = connection.getresponse()
        body = response.read(16 * _MB)
    date = value = None
    with suppress(ValueError):
        date = parsedate_to_datetime(response.headers.get("Date", ""))
    with suppress(ValueError):
        value = json.loads(body)
    return response.status, value if isinstance(value, dict) else {}, date


CHECKS: Mapping[str, Callable[[Settings, Opener], Findings]] = {
    "settings": _settings,
    "release": _release,
    "engine": engine_check.engine,
    "clock": _clock,
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
