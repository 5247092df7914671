"""Many idle connections: `python -m tests.bench.connections --idle 10000`.

A server holds them, directly and behind nginx with the configuration of the guide, while others ask it. A table says
what each connection costs and how long the others wait; the exit code is 1 if one of them got no right answer, or only
when idle connections had been closed.
"""

import argparse
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..faults.right_answers import LISTS, PAGES, QUERIES, RightAnswers, ask, publish_claims
from ..nginx import CONFIGURATION, answers
from ..serving import Server, children, free_port, serving, until
from .load import family

QUESTIONS = [*QUERIES, *PAGES, *LISTS]
WINDOW_S = 15
"""Shorter than the time after which a server closes what is idle."""


def memory_mb(pids: Sequence[int]) -> float:
    """What the processes have in memory that is theirs alone, or their share of it (proc_pid_smaps(5))."""
    total = 0
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def proxied(folder: Path, port: int, most: int) -> Iterator[Server]:
    """nginx with the configuration of the guide, which may have so many connections."""
    front = free_port()
    temporary = "".join(f"{n}_temp_path {folder / n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    site = CONFIGURATION.replace("/var/cache/nginx/quoth", str(folder / "cache"))
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("listen 80;", f"listen 127.0.0.1:{front};")
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder / 'pid'}; error_log {folder / 'log'} warn; worker_rlimit_nofile {most};"
        f"events {{ worker_connections {most}; }} http {{ access_log off; {temporary} {site} }}\n"
    )
    command = ["nginx", "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command) as process:
        proxy = Server(front, process)
        try:
            until(lambda: answers(proxy))
            yield proxy
        finally:
            process.terminate()


def measure(where: str, server: Server, pids: Sequence[int], idle: int, right: RightAnswers) -> bool:
    """Print the row of a server; whether all answers were right, and came while all the others were open."""

    def round_of(mark: str) -> list[float]:
        times = []
        for question in QUESTIONS:
            began = time.perf_counter()
            ends.append(right.judge(question, ask(server.port, question, mark)))
            times.append((time.perf_counter() - began) * 1000)
        return times

    ends: list[str] = []
    alone, before = round_of("alone"), memory_mb(pids)
    with ExitStack() as held:
        began = time.monotonic()
        for _ in range(idle):
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), 30))
        opened = time.monotonic() - began
        # The first round shows the cost of connections alone, the others how the rest fares.
        more = (memory_mb(pids) - before) * 1024 / idle
        beside = round_of("beside")
        in_time = time.monotonic() - began < WINDOW_S
    print(
        f"| {where} | {idle:,} | {opened:.1f} | {more:.1f} | {statistics.median(alone):.0f} |"
        f" {statistics.median(beside):.0f} | {max(beside):.0f} | {'yes' if in_time else 'no'} |",
        flush=True,
    )
    return in_time and set(ends) == {"release 1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=int, default=10_000)
    idle = parser.parse_args().idle
    most = idle + 4_000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, hard), hard))
    print("| where | idle | opened in s | KB each | ms alone | ms beside | most | all open meanwhile |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder, front = Path(name), Path(name, "nginx")
        front.mkdir()
        folder.chmod(0o755)
        publish_claims(folder / "releases", 120)
        with serving(folder / "releases", access_log="off", trusted_proxies="127.0.0.1") as server:
            right = RightAnswers()
            right.learn(server.port, 1, QUESTIONS)
            good = measure("the server", server, children(server.process.pid), idle, right)
            with proxied(front, server.port, most) as proxy:
                good &= measure("nginx", proxy, sorted(family(proxy.process.pid)), idle, right)
            good &= measure("the server again", server, children(server.process.pid), idle, right)
    sys.exit(not good)


if __name__ == "__main__":
    main()
