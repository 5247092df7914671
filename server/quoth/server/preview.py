"""What a preview adds to the site: the state of the last check on every page, and nothing that outlives the preview.

Its author alone is to see it: other sites that are open in the same browser may not read it, robots are told to stay
away, and nothing is stored. The pages are those of the release; this layer puts its own lines into them.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from quoth.http.message import Handler, Request, Response
from quoth.resources import write
from quoth.server.current_release import CurrentRelease

STATE = "/preview/state"
FILE = "state.json"
PROBLEMS_SHOWN = 20
"""Findings that a page shows; the command prints all."""

CHANGES = "/changes"
"""The path of the history of a corpus."""

_FEEDS = (b"application/atom+xml", b"application/feed+json")
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_OF_REQUESTS = frozenset((b"if-none-match", b"if-modified-since", b"if-range", b"range", b"accept-encoding"))
"""Fields of a request that would let a page stay as it was, or come in a form that nothing can be put into."""
_OF_RESPONSES = frozenset(
    (b"etag", b"last-modified", b"cache-control", b"content-length", b"cross-origin-resource-policy")
)
_ADDED = (
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PLAIN = ((b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"))
_TEMPLATES = Environment(loader=PackageLoader("quoth.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_PREVIEW: Any = _TEMPLATES.get_template("_preview.html").module


@dataclass(frozen=True)
class State:
    """The state of a preview: the release that is shown, a number that changes with every other state, and what is
    wrong with the documents as they are now (nothing, if the release is made from them)."""

    release: int
    version: int = 0
    problems: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Keep it in that folder, in one step."""
        write(json.dumps(asdict(self)), folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> "State":
        """The state that is kept in that folder."""
        values = json.loads((folder / FILE).read_bytes())
        return cls(values["release"], values["version"], tuple(values["problems"]))


class PreviewLayer:
    """The layer around all others in a preview, whose state is kept in ``folder``."""

    def __init__(self, layers: Handler, current: CurrentRelease, root: str, folder: Path) -> None:
        self._layers, self._current, self._root, self._folder = layers, current, root, folder

    async def __call__(self, request: Request) -> Response:
        # A name that somebody else's DNS gives to this address is refused: their page would be of one origin with ours.
        if request.header(b"host").rpartition(":")[0].lower() not in _HOSTS:
            return Response(421, _PLAIN, b"A preview is for this machine alone.\n")
        state, served = State.read(self._folder), self._current.site.release.number
        if request.path == self._root + STATE:
            known = served == state.release
            body = f"{served}-{state.version}".encode() if known else b""
            return Response(200 if known else 204, (*_PLAIN, *_ADDED, *_length(body)), body)
        if request.path == f"{self._root}/robots.txt":
            body = b"User-agent: *\nDisallow: /\n"
            return Response(200, (*_PLAIN, *_ADDED, *_length(body)), body if request.method == "GET" else b"")
        if request.path.startswith(f"{self._root}{CHANGES}"):
            return _absent()
        fields = {name: value for name, value in request.fields.items() if name not in _OF_REQUESTS}
        response = await self._layers(replace(request, fields=fields))
        if response.value(b"content-type").partition(b";")[0] in _FEEDS:
            await _whole(response)
            return _absent()
        kept = [
            (name, value)
            for name, value in response.fields
            if name not in _OF_RESPONSES and not name.startswith(b"access-control-")
        ]
        length = [(b"content-length", value) for name, value in response.fields if name == b"content-length"]
        if not response.value(b"content-type").startswith(b"text/html"):
            return replace(response, fields=(*kept, *_ADDED, *length))
        if request.method == "HEAD":
            return replace(response, fields=(*kept, *_ADDED))
        page = (await _whole(response)).decode("utf-8")
        head = _PREVIEW.head(self._root, STATE, f"{served}-{state.version}")
        shown = state.problems[:PROBLEMS_SHOWN]
        banner = _PREVIEW.banner(shown, len(state.problems) - len(shown))
        page = page.replace("</head>", f"{head}</head>", 1).replace("<body>", f"<body>\n{banner}", 1)
        body = page.encode("utf-8")
        return replace(response, fields=(*kept, *_ADDED, *_length(body)), body=body)


def _absent() -> Response:
    body = b"A preview has no history and no feeds.\n"
    return Response(404, (*_PLAIN, *_ADDED, *_length(body)), body)


def _length(body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"content-length", str(len(body)).encode()),) if body else ()


async def _whole(response: Response) -> bytes:
    """The body of a response."""
    if isinstance(response.body, bytes):
        return response.body
    try:
        return b"".join([chunk async for chunk in response.body])
    finally:
        await response.body.aclose()
