"""A folder of releases that a web server has, which can be made to say something else."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from quoth.release.fetch.fetch import Copied, fetch
from quoth.release.fetch.source import source_of
from quoth.release.listing import LISTING

IDLE = ("LOCK", "LOG")
"""Files of a store that have no data."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of a folder, as any web server sends them. ``spoil`` is told each path, and gives bytes in place of the
    file's, or a status, which has the ``location``; else it is the file itself."""

    location = "http://user:Sesam@127.0.0.1:9/elsewhere?key=Sesam#Sesam"

    def __init__(
        self,
        *arguments: Any,
        seen: list[str],
        logins: list[str | None],
        spoil: dict[str, bytes | int],
        **options: Any,
    ) -> None:
        self.seen, self.logins, self.spoil = seen, logins, spoil
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.logins.append(self.headers.get("Authorization"))
        ending = next((end for end in self.spoil if self.path.partition("?")[0].endswith(end)), None)
        if ending is None:
            super().do_GET()
        elif isinstance(found := self.spoil[ending], int):
            self.send_response(found)
            self.send_header("Location", self.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

    def log_message(self, *_: Any) -> None:
        pass


class Web:
    """A web server over a folder."""

    def __init__(self, folder: Path) -> None:
        self.seen, self.logins, self.spoil = list[str](), list[str | None](), dict[str, bytes | int]()
        self.handler: type[_Handler] = type("_Own", (_Handler,), {})
        handler = partial(self.handler, directory=str(folder), seen=self.seen, logins=self.logins, spoil=self.spoil)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def web(folder: Path) -> Iterator[Web]:
    served = Web(folder)
    thread = Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        thread.join()
        served.server.server_close()


def bring(releases: Path, source: str, number: int | None = None, keep: int = 0) -> Copied:
    with closing(source_of(source)) as place:
        return fetch(releases, place, number, keep, lambda *_: None)


def content(folder: Path) -> dict[str, bytes]:
    """The files below a folder that readers see, links followed; the bytes of each."""
    files = {str(path.relative_to(folder)): path for path in folder.glob("[0-9c]*/**/*") if path.is_file()}
    listing = {LISTING: folder / LISTING}
    return {name: path.read_bytes() for name, path in (files | listing).items() if path.name not in IDLE}
