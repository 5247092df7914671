"""What a reader's pages cost: a server over the releases in a folder is asked for each kind, in requests that no cache
can answer."""

import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from tests.bench.load import family
from tests.bench.measured import own_mb
from tests.bench.sparql import PREFIXES
from tests.serving import Server, serving

ROUNDS = 40
QUERIES = {
    "SPARQL: the sources of a claim": "SELECT ?level ?source ?label { <{base}id/claim/{slug}/c1>"
    " quoth:attribution/quoth:within* ?level . ?level quoth:source ?source . ?source rdfs:label ?label }",
    "SPARQL: whom an article quotes": "SELECT DISTINCT ?source ?label { ?claim quoth:creditedTo ?source ;"
    " <http://www.w3.org/ns/prov#wasQuotedFrom> <{base}id/article/{slug}> . ?source rdfs:label ?label }",
    "SPARQL: fifty claims of one source": "SELECT ?claim ?label { ?claim rdfs:label ?label ;"
    " quoth:attribution/quoth:source <{base}id/{head}> } LIMIT 50",
    "SPARQL: all claims counted": "SELECT (COUNT(*) AS ?n) { ?claim a quoth:Claim }",
}


def _targets(
    articles: Sequence[str], head: str, contents: bool, base: str, chance: random.Random
) -> dict[str, Callable[[], str]]:
    """Kind of page → makes the target of a request; ``head``: the source to which most articles ascribe something."""

    def of_article(pattern: str) -> Callable[[], str]:
        return lambda: pattern.replace("{slug}", chance.choice(articles))

    def query(text: str) -> Callable[[], str]:
        filled = (PREFIXES + text).replace("{base}", base).replace("{head}", head)
        return lambda: f"/sparql?query={quote(filled.replace('{slug}', chance.choice(articles)))}&format=json"

    name = head.rpartition("/")[2]
    about = {"claims about one entity": lambda: f"/claims?about={head}"} if contents else {}
    return {
        "front page": lambda: "/",
        "claim": of_article("/doc/claim/{slug}/c1"),
        "article": of_article("/doc/article/{slug}"),
        "entity that most articles name": lambda: f"/doc/{head}",
        "claims": lambda: "/claims",
        **about,
        "claims of one source, by act": lambda: f"/claims?source={head}&speechAct=said",
        "search for a common word": lambda: "/search?q=harbour",
        "search for a name and a word": lambda: f"/search?q={name}+school",
        "changes": lambda: "/changes",
        **{name: query(text) for name, text in QUERIES.items()},
    }


def _asked(server: Server, target: str, number: int) -> tuple[float, int]:
    """Milliseconds until the response was read, and its status. The number makes an Accept that no cache knows."""
    wanted = "application/sparql-results+json" if "/sparql" in target else "text/html"
    started = time.perf_counter()
    reply = server.get(target, {"Accept": f"{wanted}, application/x-{number};q=0.001"})
    return (time.perf_counter() - started) * 1000, reply.status


def measure(releases: Path, articles: Sequence[str], head: str, contents: bool) -> dict[str, object]:
    """What ``timed`` says of the pages of invented articles."""
    base = json.loads((releases / "current" / "manifest.json").read_text())["base"]
    return timed(releases, _targets(articles, head.removeprefix("id/"), contents, base, random.Random(1)))


def timed(releases: Path, targets: Mapping[str, Callable[[], str]]) -> dict[str, object]:
    """Kind of page → the median and the 95th percentile in milliseconds, the first request, and the statuses that were
    not 200; beside the seconds until the server answered, and its memory at the end."""
    started = time.perf_counter()
    kinds: dict[str, object] = {}
    with serving(releases, access_log="off", query_time_limit_s=60) as server:
        ready_s = time.perf_counter() - started
        for name, target in targets.items():
            first, *rest = [_asked(server, target(), n) for n in range(ROUNDS + 1)]
            times = sorted(ms for ms, _ in rest)
            kinds[name] = {
                "median_ms": round(statistics.median(times), 2),
                "p95_ms": round(times[int(0.95 * len(times))], 2),
                "first_ms": round(first[0], 2),
                "not_200": sorted({status for _, status in (first, *rest)} - {200}),
            }
        memory = own_mb(server.process.pid)
        processes = len(family(server.process.pid))
    return {"kinds": kinds, "ready_s": round(ready_s, 2), "server_mb": round(memory, 1), "processes": processes}
