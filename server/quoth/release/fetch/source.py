"""Where releases are fetched from: the files of a folder of releases by their names, on a disk or over HTTP.

A name is a path below the folder, which ``contents`` has checked. Nothing is read but plain files below it, no redirect
is followed, and no more is read than was asked for.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

import httpx2

import quoth
from quoth.errors import ReleaseError, UnavailableError, UsageError, reason
from quoth.release.listing import LISTING, Listing
from quoth.release.release import CURRENT

CONNECT_S, SILENCE_S = 10.0, 60.0
"""Seconds to connect to a server, and that it may send nothing."""

_BLOCK_BYTES = 1 << 16
_TRANSIENT = frozenset((408, 425, 429, 500, 502, 503, 504))


class MissingError(Exception):
    """The source has no such file."""


class BrokenError(Exception):
    """The connection broke, or the server is busy: what is missing may be asked for again."""


class Source(Protocol):
    """A folder of releases elsewhere; ``where`` names it, without any credentials. Close it when done."""

    where: str

    def blocks(self, name: str, start: int = 0) -> Iterator[bytes]:
        """The bytes of a file from the one numbered ``start``; from the first on, after an empty block, where the
        source gives no part of it. Raises MissingError, BrokenError, UnavailableError for any other refusal, and
        ReleaseError for what is no plain file."""

    def close(self) -> None:
        """Close the connections."""


def read(source: Source, name: str, most_bytes: int) -> bytes:
    """A whole file. Raises ReleaseError for one that is longer, and as ``Source.blocks`` does."""
    held = bytearray()
    for block in source.blocks(name):
        held += block
        if len(held) > most_bytes:
            raise ReleaseError(f"{name} is longer than {most_bytes} bytes", where=source.where)
    return bytes(held)


class FolderSource:
    """A folder on this machine, whose listing is that of its link ``current`` and its folders, if it has such."""

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder.resolve()

    def blocks(self, name: str, start: int = 0) -> Iterator[bytes]:
        """See Source.blocks."""
        if name == LISTING and (self._folder / CURRENT).is_symlink():
            yield Listing.of(self._folder).to_json().encode()
            return
        with _plain(self._folder / name) as file:
            file.seek(start)
            yield from iter(lambda: file.read(_BLOCK_BYTES), b"")

    def close(self) -> None:
        """See Source.close."""


@contextmanager
def _plain(path: Path) -> Iterator[BinaryIO]:
    """A file, opened. Raises MissingError, and ReleaseError for a link or what else is no plain file."""
    try:
        if path.parent.resolve(strict=True) != path.parent:
            raise ReleaseError(f"{path.parent} is a link, which no release has")
        # Neither a link is followed nor a pipe waited for.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise MissingError from None
    except OSError as error:
        raise ReleaseError(f"it cannot be read: {reason(error)}", where=str(path)) from None
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ReleaseError(f"{path} is no plain file")
        yield file


class HttpSource:
    """A folder at a URL, whose user name and password go into a header and into no message; what follows a question
    mark, such as the signature of an object storage, is sent with each request. Raises UsageError for what is no
    http(s) URL."""

    def __init__(self, url: str) -> None:
        try:
            self._url = httpx2.URL(url)
        except httpx2.InvalidURL:
            self._url = httpx2.URL("")
        if self._url.scheme not in ("http", "https") or not self._url.host:
            raise UsageError("the source is neither a folder nor an http(s) URL", where="SOURCE")
        path = self._url.raw_path.partition(b"?")[0].decode().rstrip("/")
        self._path = path
        port = f":{self._url.port}" if self._url.port else ""
        host = f"[{self._url.host}]" if ":" in self._url.host else self._url.host
        self.where = f"{self._url.scheme}://{host}{port}{path}"
        # Listings and manifests change under their names; a cache on the way has to ask.
        headers = {
            "User-Agent": f"quoth/{quoth.__version__}",
            "Accept-Encoding": "identity",
            "Cache-Control": "no-cache",
        }
        self._client = httpx2.Client(headers=headers, timeout=httpx2.Timeout(SILENCE_S, connect=CONNECT_S))

    def blocks(self, name: str, start: int = 0) -> Iterator[bytes]:
        """See Source.blocks."""
        query = self._url.query
        target = f"{self._path}/{quote(name)}".encode() + (b"?" + query if query else b"")
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            request = self._client.build_request("GET", self._url.copy_with(raw_path=target), headers=headers)
            with closing(self._client.send(request, stream=True)) as response:
                self._check(response, name, start)
                if start and response.status_code == 200:
                    yield b""
                yield from response.iter_raw(_BLOCK_BYTES)
        except httpx2.HTTPError as error:
            raise BrokenError(f"cannot be reached: {error or type(error).__name__}") from None

    def _check(self, response: httpx2.Response, name: str, start: int) -> None:
        status = response.status_code
        if status in (404, 410):
            raise MissingError
        if status in _TRANSIENT:
            raise BrokenError(f"answered {status}")
        if response.has_redirect_location:
            try:
                to = str(httpx2.URL(response.headers["Location"]).copy_with(userinfo=b"", query=None, fragment=None))
            except httpx2.InvalidURL:
                to = "what is no URL"
            raise UnavailableError(
                f"redirects to {to[:200]}, which is not followed", where=self.where, remedy="name that address"
            )
        if status not in (200, 206) or response.headers.get("Content-Encoding", "identity") != "identity":
            what = f"answered {status}" if status not in (200, 206) else "sent a content coding that nobody asked for"
            raise UnavailableError(f"{what} for {name}", where=self.where, remedy="see to the server, and who may read")
        if status == 206 and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise UnavailableError(f"sent another part of {name} than it was asked for", where=self.where)

    def close(self) -> None:
        """See Source.close."""
        self._client.close()


def source_of(text: str) -> Source:
    """The source that an argument names: a URL, or else a folder. Raises UsageError where it is neither."""
    if "://" in text:
        return HttpSource(text)
    if not Path(text).is_dir():
        raise UsageError(f"there is no folder {text}", where="SOURCE", remedy="name a folder of releases, or its URL")
    return FolderSource(Path(text))
