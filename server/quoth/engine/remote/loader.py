"""The administration of a server by its dialect: datasets made, filled, read back and dropped.

Unlike the engine, which answers visitors, this is asked by an operator's command: its errors say what the server said.
What may be asked twice with the same effect is, where the connection fails; nothing else is.
"""

import io
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from types import MappingProxyType
from typing import IO, Any, cast

import httpx2
import tenacity

import quoth
from quoth.engine.remote.dialect import Dialect, Location
from quoth.errors import QuothError, UnavailableError

CONNECT_S, ANSWER_S, LOAD_S = 10.0, 60.0, 86_400.0
"""Seconds to connect, for a request, and for the server to take in a release once it has it."""

_NQUADS, _TURTLE, _UPDATE = "application/n-quads", "text/turtle", "application/sparql-update"
_ANSWER_BYTES, _MESSAGE_CHARS = 2**16, 300
_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 6}.items()
        if hasattr(socket, name)
    ),
]
"""A machine that is gone while it takes in a release is found out after two minutes (tcp(7))."""
_IDEMPOTENT = ("GET", "DELETE")
_again = tenacity.Retrying(
    retry=tenacity.retry_if_exception_type(httpx2.TransportError),
    stop=tenacity.stop_after_attempt(3),
    wait=tenacity.wait_fixed(0.5),
    reraise=True,
)


class TakenError(QuothError):
    """There is a dataset of that name already, and it is not ours."""


class RefusedError(UnavailableError):
    """The server says that it did not make a dataset."""


class SpoiltError(UnavailableError):
    """The server failed to make a dataset, and may do so for as long as it has that name."""


_MAKING: Mapping[int, type[UnavailableError]] = {4: RefusedError, 5: SpoiltError}
"""The errors of one that is made, by the class of the status."""


class Loader:
    """The datasets of servers of one ``dialect``, each by its URL. Raises UnavailableError where a server is down or
    refuses. Close it when done."""

    def __init__(self, dialect: Dialect, location: Location) -> None:
        self._dialect = dialect
        scheme = httpx2.DigestAuth if dialect.login == "digest" else httpx2.BasicAuth
        self._client = httpx2.Client(
            auth=scheme(location.user, location.password) if location.user else None,
            headers={"User-Agent": f"quoth/{quoth.__version__}"},
            timeout=httpx2.Timeout(ANSWER_S, connect=CONNECT_S),
            follow_redirects=False,
            transport=httpx2.HTTPTransport(
                verify=ssl.create_default_context(),
                trust_env=False,
                socket_options=_ALIVE,
            ),
            trust_env=False,  # no proxy gets the password
        )

    def create(self, dataset: str) -> None:
        """Make an empty dataset, if a server makes any. Raises TakenError where there is one already, to which nothing
        is done, RefusedError where the server makes none, and SpoiltError where it fails."""
        if self._dialect.create:
            form = {key: self._dialect.filled(value, dataset) for key, value in self._dialect.form.items()}
            body = {"content": self._dialect.filled(self._dialect.body, dataset), "headers": {"Content-Type": _TURTLE}}
            options: Any = {"data": form} if form else body
            if self._sent(self._dialect.create, dataset, fine=(409,), kinds=_MAKING, **options) == 409:
                raise self.taken(dataset)

    def taken(self, dataset: str) -> TakenError:
        """The error for a dataset that is there and not ours."""
        return TakenError(
            f"{dataset} exists already, and was not made by this folder of releases",
            remedy="delete it there, or give the datasets another name in the URL of the engine",
        )

    def exists(self, dataset: str) -> bool:
        """Whether there is a dataset; True for a server that is one itself."""
        return not self._dialect.exists or self._sent(self._dialect.exists, dataset, fine=(404,)) != 404

    def load(self, dataset: str, blocks: Iterable[bytes]) -> None:
        """Add quads to a dataset: the blocks of an N-Quads document."""
        timeout = httpx2.Timeout(LOAD_S, connect=CONNECT_S)
        self._sent(
            self._dialect.load, dataset, content=iter(blocks), headers={"Content-Type": _NQUADS}, timeout=timeout
        )

    def update(self, dataset: str, text: bytes) -> None:
        """Send a SPARQL update that has the same effect if it is made twice."""
        headers = {"Content-Type": _UPDATE}
        timeout = httpx2.Timeout(LOAD_S, connect=CONNECT_S)
        self._sent(self._dialect.update, dataset, again=True, content=text, headers=headers, timeout=timeout)

    @contextmanager
    def content(self, dataset: str) -> Iterator[IO[bytes]]:
        """All quads of a dataset as an N-Quads document, while the context lasts."""
        method, url = self._dialect.filled(self._dialect.content, dataset).split()
        try:
            with self._client.stream(method, url, headers={"Accept": _NQUADS}) as response:
                self._check(response, dataset)
                with closing(_Blocks(response.iter_bytes())) as file:
                    yield cast(IO[bytes], file)
        except httpx2.HTTPError as error:
            raise self._failed(dataset, f"cannot be read: {_said(error)}") from None

    def drop(self, dataset: str) -> None:
        """Delete a dataset, or what is in it; it may be gone already."""
        self._sent(self._dialect.drop, dataset, fine=(404,))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _sent(
        self,
        template: str,
        dataset: str,
        fine: Sequence[int] = (),
        again: bool = False,
        kinds: Mapping[int, type[UnavailableError]] = MappingProxyType({}),
        **options: Any,
    ) -> int:
        """The status of the answer to a request: a success, or one that is ``fine``. ``kinds`` are errors by the class
        of the status."""
        method, url = self._dialect.filled(template, dataset).split()

        def send() -> int:
            with self._client.stream(method, url, **options) as response:
                if response.status_code not in fine:
                    self._check(response, dataset, kinds)
                _beginning(response)  # to its end, in all likelihood: the connection can be used again
                return response.status_code

        try:
            return _again(send) if again or method in _IDEMPOTENT else send()
        except httpx2.HTTPError as error:
            raise self._failed(dataset, f"cannot be reached: {_said(error)}") from None

    def _check(
        self,
        response: httpx2.Response,
        dataset: str,
        kinds: Mapping[int, type[UnavailableError]] = MappingProxyType({}),
    ) -> None:
        kind = kinds.get(response.status_code // 100, UnavailableError)
        if response.status_code in (401, 403):
            remedy = "name a file with USER:PASSWORD in QUOTH_ENGINE_LOGIN, of a user who may make datasets there"
            raise self._failed(dataset, f"refuses this user ({response.status_code})", remedy, kind)
        if not response.is_success:
            said = " ".join(_beginning(response).decode("utf-8", "replace").split())[:_MESSAGE_CHARS]
            method, path = response.request.method, response.request.url.path
            raise self._failed(dataset, f"answered {response.status_code} to {method} {path}: {said}", kind=kind)

    def _failed(
        self,
        dataset: str,
        what: str,
        remedy: str = "see to the engine",
        kind: type[UnavailableError] = UnavailableError,
    ) -> UnavailableError:
        return kind(what, where=f"the engine at {dataset}", remedy=remedy)


def _beginning(response: httpx2.Response) -> bytes:
    """The first bytes of an answer: who sends without end is heard no further."""
    held = b""
    for block in response.iter_bytes():
        held += block
        if len(held) > _ANSWER_BYTES:
            break
    return held


def _said(error: httpx2.HTTPError) -> str:
    return str(error) or type(error).__name__


class _Blocks(io.RawIOBase):
    """Blocks of bytes as a file."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next((block for block in self._blocks if block), b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
