"""A day of mixed traffic in less time, with releases that change: `python -m tests.bench.day --minutes 40`.

A real server over two releases is asked for pages, documents, tables, queries, verdicts and what assistants ask, by
readers who come again with conditions, leave early or read slowly, while another release becomes current every minute.
Every answer is held against the bytes of a release. In the end a table says what the processes used, and the exit code
is 1 if an answer was wrong, more good requests than ERRORS failed, or something grew (see GROWTH).
"""

import argparse
import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from quoth.release.current import roll_back

from ..faults.right_answers import LISTS, PAGES, QUERIES, Question, RightAnswers, ask, learn, publish_claims, query
from ..serving import Server, serving
from .load import family
from .soak import medians_of_fifths

CLAIMS = 1_000, 1_200
SAMPLE_EVERY_S = 5.0
GROWTH = {"server MB": 16, "files": 20, "threads": 8, "spool MB": 16, "entries beside the releases": 2}
"""By how much the median of the last fifth may be above that of the second; the first is for caches and threads."""

ERRORS = 0.01
"""The share of good requests that a machine on which others work, too, may answer with 503 or 504."""

_JSON = "application/json"
_CALLS = {
    "search_claims": {"query": "harbour"},
    "get_claim": {"claim": "claim/article-0/claim-1"},
    "who_says": {"statement": "the harbour guild border"},
}
ASSISTANTS = [
    Question(
        "/mcp",
        f"{_JSON}, text/event-stream",
        json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        ).encode(),
        _JSON,
    )
    for name, arguments in _CALLS.items()
]
TEXTS = [
    Question("/verify", _JSON, f"They said: “{words}”. ".encode() * 20, "text/plain") for words in ("a b c d e f",)
]
TABLES = ("/claims.csv", "/claims.jsonl")
"""Whole tables are sent to few clients at a time: 503 tells others to come again."""
MORE = [
    Question("/", "text/html"),
    Question("/sources", "text/html"),
    Question("/releases", "text/html"),
    Question("/claims.jsonl"),
    query("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 20000", "application/n-triples"),
]


class Visitors:
    """Traffic, and what came of it."""

    def __init__(self, server: Server, right: RightAnswers) -> None:
        self.server, self.right = server, right
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.errors: list[str] = []
        self.stop = threading.Event()
        self._lock = threading.Lock()

    def note(self, kind: str, end: str, wrong: str = "", error: str = "") -> None:
        with self._lock:
            self.counts[f"{kind}: {end}"] += 1
            self.wrong += [wrong] if wrong else []
            self.errors += [error] if error else []

    def visit(self, kind: str, question: Question, dice: random.Random, **fields: str) -> None:
        """Ask, and judge the answer: for a condition, which is the ETag of a release, 304 is right with just that."""
        fields["X_Forwarded_For"] = f"192.0.2.{dice.randrange(200)}"
        answer = ask(self.server.port, question, str(dice.random()) if dice.random() < 0.3 else "", 60, **fields)
        try:
            if answer.end == 304:
                assert answer.etag == fields.get("If_None_Match"), f"304 for another ETag: {answer.etag}"
                self.note(kind, "304")
                return
            end = self.right.judge(question, answer)
            crowded = end == "503" and question.target in TABLES
            self.note(kind, end, error="" if end.startswith("release") or crowded else f"{end} at {question.target}")
        except AssertionError as error:
            self.note(kind, "wrong", str(error))


def reader(visitors: Visitors, dice: random.Random) -> None:
    visitors.visit("page", dice.choice([*PAGES, *LISTS, *MORE[:4]]), dice, Accept_Language="en")


def program(visitors: Visitors, dice: random.Random) -> None:
    visitors.visit("query", dice.choice([*QUERIES, MORE[4]]), dice)


def again(visitors: Visitors, dice: random.Random) -> None:
    question = dice.choice([*PAGES, *LISTS, *MORE[:4]])
    etag = dice.choice(list(visitors.right.known[question].values()))[0]
    visitors.visit("condition", question, dice, If_None_Match=etag)


def assistant(visitors: Visitors, dice: random.Random) -> None:
    visitors.visit("assistant", dice.choice(ASSISTANTS), dice)


def checker(visitors: Visitors, dice: random.Random) -> None:
    visitors.visit("verify", dice.choice(TEXTS), dice)


def leaver(visitors: Visitors, dice: random.Random) -> None:
    """A client that leaves at once, within the answer, or that reads slowly up to a point."""
    target = dice.choice(["/claims.csv", "/releases/1/claims.nq", MORE[4].target + quote(str(dice.random()))])
    with suppress(OSError), socket.create_connection(("127.0.0.1", visitors.server.port), 30) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.200\r\n\r\n".encode())
        for _ in range(dice.choice([0, 1, 40])):
            connection.recv(4096)
            time.sleep(0.05)
    visitors.note("leaver", "left")


ACTS: Sequence[tuple[Callable[[Visitors, random.Random], None], float]] = (
    (reader, 0.45), (program, 0.2), (again, 0.2), (assistant, 0.05), (checker, 0.02), (leaver, 0.08),
)  # fmt: skip


def come(visitors: Visitors, number: int, every_s: float) -> None:
    """Act at random intervals."""
    dice = random.Random(number)
    while not visitors.stop.wait(dice.expovariate(1 / every_s)):
        [act] = dice.choices([act for act, _ in ACTS], [share for _, share in ACTS])
        act(visitors, dice)


def _role(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    for part, role in ((b"pool/worker.py", "queries"), (b"verify.worker", "verify"), (b"spawn_main", "server")):
        if part in command:
            return role
    return "" if b"resource_tracker" in command else "supervisor"


def sample(server: Server, folder: Path) -> Mapping[str, float]:
    """What the processes use now: memory by role (of the largest process), files, threads, deleted files."""
    found: dict[str, float] = dict.fromkeys(("supervisor MB", "server MB", "queries MB", "verify MB"), 0.0)
    found |= dict.fromkeys(("files", "threads", "spool MB", "processes"), 0.0)
    for pid in family(server.process.pid):
        with suppress(OSError, KeyError):  # it has just ended
            if not (role := _role(pid)):
                continue
            fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            mb = int(fields["VmRSS"].split()[0]) / 1024
            found[f"{role} MB"] = max(found[f"{role} MB"], mb)
            found["processes"] += 1
            if role == "server":
                files = [*Path(f"/proc/{pid}/fd").iterdir()]
                found["files"], found["threads"] = len(files), int(fields["Threads"])
                for file in files:
                    with suppress(OSError):
                        if "(deleted)" in str(file.readlink()):
                            found["spool MB"] += file.stat().st_size / 2**20
    found["entries beside the releases"] = len(list(folder.iterdir()))
    return found


def run(minutes: float, rate: float, switch_every_s: float, threads: int = 12) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "releases")
        for claims in CLAIMS:
            publish_claims(folder, claims)
        with serving(
            folder, access_log=Path(name, "access.log"), mcp="on", cache_mb=8, trusted_proxies="127.0.0.1"
        ) as server:
            right = learn(server, folder, (1, 2), [*QUERIES, *PAGES, *LISTS, *MORE, *ASSISTANTS, *TEXTS])
            visitors = Visitors(server, right)
            coming = [
                threading.Thread(target=come, args=(visitors, number, threads / rate)) for number in range(threads)
            ]
            for thread in coming:
                thread.start()
            samples, switches = [], 0
            began = time.monotonic()
            while (passed := time.monotonic() - began) < minutes * 60 and server.process.poll() is None:
                if passed > (switches + 1) * switch_every_s:
                    switches += 1
                    roll_back(folder, 1 + switches % 2)
                time.sleep(SAMPLE_EVERY_S)
                samples.append(sample(server, folder))
            visitors.stop.set()
            for thread in coming:
                thread.join(60)
            passed = time.monotonic() - began
            ready = server.get("/ready").status == 200 if server.process.poll() is None else False
    return told(visitors, samples, ready, passed, switches)


def told(visitors: Visitors, samples: Sequence[Mapping[str, float]], ready: bool, passed: float, switches: int) -> int:
    """Print the table and what is wrong: the exit code."""
    medians = medians_of_fifths(samples)
    print(f"{visitors.counts.total():,} requests in {passed / 60:.1f} minutes, {switches} switches of the release")
    print(
        f"| {'median in each fifth':28} |"
        + "".join(f" {n} |" for n in range(1, len(medians) + 1))
        + "\n|---|"
        + "---|" * 5
    )
    for name in medians[0]:
        print(f"| {name:28} |" + "".join(f" {m[name]:.1f} |" for m in medians))
    for what, count in sorted(visitors.counts.items()):
        print(f"{what:30} {count:8,}")
    wrong = list(dict.fromkeys(visitors.wrong))[:20]
    for name, slack in GROWTH.items():
        if medians[-1][name] > medians[1][name] + slack:
            wrong.append(f"{name} grew from {medians[1][name]:.1f} to {medians[-1][name]:.1f}")
    if len(visitors.errors) > ERRORS * visitors.counts.total():
        wrong += [f"{count} × {what}" for what, count in Counter(visitors.errors).most_common(5)]
    if not ready:
        wrong.append("the server is not ready")
    print("\n".join(wrong) or "all well")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--switch-every", type=float, default=60, help="seconds between switches of the release")
    given = parser.parse_args()
    sys.exit(run(given.minutes, given.rate, given.switch_every))


if __name__ == "__main__":
    main()
