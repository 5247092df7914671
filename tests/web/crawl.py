"""A program that asks an application over a folder of releases for every address that it knows, in every format, and
prints as JSON what it answered: tests run it in processes that share nothing. The arguments are the folder, and other
settings as JSON.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.release.open import open_current
from quoth.web.app import create_app

BASE = "http://localhost:8000/"
_ALTERNATE = re.compile(r'<([^>]+)>; rel="(?:alternate|next|timemap|item|describedby|search)[^"]*"')
_FIELDS = ("Content-Type", "Content-Location", "ETag", "Last-Modified", "Link", "Vary", "X-Total-Count")
FLEETING = ("/health", "/ready", "/metrics", "/status")
MORE = (
    *(
        "/static/quoth.css",
        "/releases/current.json",
        "/releases/1/claims.nq",
        "/releases/1/SHA256SUMS",
        "/ns/terms.json",
    ),
    *(
        "/claims.xlsx",
        "/claims.parquet",
        "/changes.atom",
        "/changes/ldes/1.ttl",
        "/changes/activities/1",
        "/openapi.json",
    ),
    *(
        "/sparql?format=csv&query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+500",
        "/search?q=ferry",
        "/suggest?q=f",
        "/reconcile",
        "/doc/claim/harbour/nothing",
        "/claims?page=none",
        "/sparql?query=SELEC",
        "/sparql?format=ttl",
        "/releases/1/sparql?format=nt",
        "/queries/who-says-what?page=2",
        "/.well-known/ai-catalog.json",
    ),
    *("/sparql?format=csv&query=SELECT+%3Fp+(COUNT(*)+AS+%3Fn)+%7B%3Fs+%3Fp+%3Fo%7D+GROUP+BY+%3Fp", "/llms.txt"),
    *("/sparql?format=nt&query=CONSTRUCT+%7B%3Fs+%3Fp+%3Fo%7D+WHERE+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+500", "/robots.txt"),
)


def crawl(releases: Path, **others: Any) -> dict[str, list[str]]:
    """Target → status, the fields of the answer and the SHA-256 of its body, with ``others`` of the settings."""
    settings = Settings(releases=releases, public_url=BASE, query_workers=1, **others)
    engine, release = open_current(settings)
    client = create_app(settings, engine, release).test_client()
    sitemap = client.get("/sitemap.xml").text
    waiting = [*MORE, *(_target(url) for url in re.findall("<loc>([^<]+)</loc>", sitemap))]
    found = dict[str, list[str]]()
    while waiting:
        target = waiting.pop()
        if target in found or target.startswith(FLEETING):
            continue
        answer = client.get(target)
        digest = hashlib.sha256(answer.get_data()).hexdigest()
        found[target] = [str(answer.status_code), *(answer.headers.get(name, "") for name in _FIELDS), digest]
        links = _ALTERNATE.findall(answer.headers.get("Link", ""))
        waiting += [_target(url) for url in links if url.startswith(BASE)]
    engine.close()
    return found


def _target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


if __name__ == "__main__":
    print(json.dumps(crawl(Path(sys.argv[1]), **json.loads(sys.argv[2]))))
