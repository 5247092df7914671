"""Answers of a server under a fault, held against what each release answers: right, or a clear error, never a mixture.

The releases differ in everything that the requests ask for, under the same IRIs.
"""

import hashlib
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import compress, count
from operator import ne
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.errors import QuothError
from quoth.release.current import roll_back
from quoth.release.deploy.staging import Staging, staging
from quoth.release.publish import Stage, publish
from quoth.release.release import Release

from ..bench.corpus import BASE, quads
from ..serving import Server, until

ERRORS = (429, 503, 504)
"""Statuses that tell a client to come again; no other error is the right one for a good request."""
LABELS = "SELECT ?c ?l { ?c a <https://w3id.org/quoth/ns#Claim> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
ALL = "CONSTRUCT WHERE { ?s ?p ?o }"


class Question(NamedTuple):
    """A request whose answer is a matter of the release alone; a query ends in a comment, where a mark can go."""

    target: str
    accept: str = "*/*"
    body: bytes | None = None
    media_type: str = ""
    is_query: bool = False


def query(text: str, accept: str) -> Question:
    """A query by GET."""
    return Question(f"/sparql?query={quote(text)}%23", accept, is_query=True)


QUERIES = [
    query(f"{LABELS} ORDER BY ?c", "text/csv"),
    query(f"{LABELS} ORDER BY ?c LIMIT 9", "application/sparql-results+json"),
    query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "text/tab-separated-values"),
    query(f"DESCRIBE <{BASE}id/claim/article-0/claim-1>", "application/n-triples"),
]
PAGES = [
    *(Question(target, "text/html") for target in ("/doc/claim/article-0/claim-1", "/doc/org/entity-0")),
    *(Question(f"/doc/claim/article-1/claim-41.{suffix}") for suffix in ("ttl", "trig", "jsonld")),
]
"""What needs the engine."""
LISTS = [
    *(Question(target) for target in ("/claims.csv", "/articles.json", "/search?q=harbour")),
    Question("/releases/1/claims.nq"),
]
"""What comes from the files of the release alone."""


class Answer(NamedTuple):
    """How a request ended: with a ``status``, or else without one because the connection broke (``cut``) or nothing
    came in time (``late``)."""

    end: int | str
    etag: str = ""
    digest: str = ""
    media_type: str = ""
    retry_after: str | None = None
    body: bytes = b""


def ask(port: int, question: Question, mark: str = "", timeout_s: float = 60, **fields: str) -> Answer:
    """The end of a request on a connection of its own; no cache knows one with a new ``mark``."""
    target = question.target + (mark if question.is_query else "")
    accept = f"{question.accept}, application/x-{mark};q=0.001" if mark else question.accept
    headers = {"Accept": accept, **{name.replace("_", "-"): value for name, value in fields.items()}}
    headers |= {"Content-Type": question.media_type} if question.body is not None else {}
    method = "GET" if question.body is None else "POST"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)) as connection:
        try:
            connection.request(method, target, question.body, headers)
            response = connection.getresponse()
            body = response.read()
        except TimeoutError:
            return Answer("late")
        except (OSError, http.client.HTTPException):
            return Answer("cut")
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    etag, digest = response.headers.get("ETag", ""), hashlib.sha256(body).hexdigest()
    return Answer(response.status, etag, digest, media_type, response.headers.get("Retry-After"), body)


class RightAnswers:
    """What each release answers to each question, by its number: the ETag and the SHA-256 of the body."""

    def __init__(self) -> None:
        self.known: dict[Question, dict[int, tuple[str, str]]] = {}
        self._bodies: dict[Question, list[bytes]] = {}

    def learn(self, port: int, number: int, questions: Sequence[Question]) -> None:
        """Ask a sound server for them, twice."""
        for question in questions:
            first, again = (ask(port, question, f"{number}-{turn}") for turn in range(2))
            assert first.end == 200, (question, first.end, first.body[-500:])
            assert first.digest == again.digest, f"the answer changes by itself: {question}"
            self._bodies.setdefault(question, []).append(first.body)
            self.known.setdefault(question, {})[number] = ("" if question.is_query else first.etag, first.digest)

    def judge(self, question: Question, answer: Answer) -> str:
        """``release N``, or how it failed. Raises AssertionError for a wrong answer and an unclear error."""
        if answer.end == 200:
            etag = "" if question.is_query else answer.etag
            found = [n for n, right in self.known[question].items() if right == (etag, answer.digest)]
            assert found, f"{question.target}: {self._difference(question, answer)}"
            return f"release {found[0]}"
        if isinstance(answer.end, int):
            assert answer.end in ERRORS, (question.target, answer.end, answer.body[-500:])
            assert answer.end != 503 or answer.retry_after, f"503 without Retry-After: {question.target}"
            assert answer.media_type in ("application/problem+json", "text/html"), (question.target, answer.media_type)
            assert b"Traceback" not in answer.body
        return str(answer.end)

    def _difference(self, question: Question, answer: Answer) -> str:
        """The first place where an answer differs from the right one that it has most in common with."""
        if answer.body in self._bodies[question]:
            return f"another ETag: {answer.etag}"
        common = {body: next(compress(count(), map(ne, body, answer.body)), 0) for body in self._bodies[question]}
        right = max(common, key=common.__getitem__)
        place = common[right]
        shown = slice(max(place - 100, 0), place + 200)
        return f"no release has this at {place}: {answer.body[shown]!r}; but {right[shown]!r}"


class Readers:
    """Threads that ask the server at a port until the end of ``reading``, and what came of it."""

    def __init__(self, port: int, right: RightAnswers) -> None:
        self.port, self.right = port, right
        self.ends: list[str] = []
        self.wrong: list[str] = []
        self._stop = threading.Event()

    def _read(self, questions: Sequence[Question], number: int) -> None:
        turn = 0
        while not self._stop.is_set():
            question = questions[(turn + number) % len(questions)]
            answer = ask(self.port, question, f"{number}-{turn}" if turn % 2 else "")
            try:
                self.ends.append(self.right.judge(question, answer))
            except AssertionError as error:
                self.wrong.append(str(error))
            turn += 1
            self._stop.wait(0.01)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many ended how."""
        return Counter(self.ends)

    def seen(self, end: str, more: int = 5) -> Callable[[], bool]:
        """Whether so many more requests ended so from now on."""
        before = self.ends.count(end)
        return lambda: bool(self.wrong) or self.ends.count(end) >= before + more


@contextmanager
def reading(server: Server, right: RightAnswers, questions: Sequence[Question], threads: int = 3) -> Iterator[Readers]:
    """Readers of a server. Raises AssertionError in the end if one of them got a wrong answer."""
    readers = Readers(server.port, right)
    running = [threading.Thread(target=readers._read, args=(questions, n)) for n in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield readers
    finally:
        readers._stop.set()
        for thread in running:
            thread.join()
        assert not readers.wrong, (readers.wrong[:5], readers.counts)


def publish_claims(folder: Path, claims: int, stage: Stage | None = None) -> Release:
    """Publish so many claims, of which other numbers share IRIs and nothing else."""
    content = publication.published_quads(quads(claims), BASE)
    return publish(content, releases=folder, base=BASE, report_ttl="", report_json="{}", stage=stage)


def publish_in_the_end(folder: Path, claims: int, stage: Stage) -> Release:
    """The same, tried for a minute: servers let go of the releases that they had first, and engines find out that there
    is room on their disks again."""
    last = time.monotonic() + 60
    while True:
        try:
            return publish_claims(folder, claims, stage)
        except QuothError:
            if time.monotonic() > last:
                raise
            time.sleep(1)


def staged_in(releases: Path, engine: str) -> Staging:
    """The staging of a folder of releases in engines."""
    staged = staging(Settings(releases=releases, public_url=BASE, engine=engine), print)
    assert staged is not None
    return staged


def serves(server: Server, number: int) -> bool:
    """Whether a server serves that release."""
    return f'"number": {number}'.encode() in server.get("/status.json").body


def learn(
    server: Server,
    folder: Path,
    numbers: Sequence[int],
    questions: Sequence[Question],
    stage: Callable[[Release], None] = lambda release: None,
) -> RightAnswers:
    """The right answers of releases, which a sound server is made to serve one after the other."""
    right = RightAnswers()
    for number in numbers:
        roll_back(folder, number, stage)
        until(lambda number=number: serves(server, number))
        right.learn(server.port, number, questions)
    return right
