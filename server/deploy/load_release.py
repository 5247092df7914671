"""Replace what an engine holds by the current release: python load_release.py RELEASES STORE.

STORE is the address of the whole dataset in the engine, such as http://engine:7878/store of Oxigraph, which takes
N-Quads by PUT and replaces what was there in one transaction (SPARQL 1.1 Graph Store Protocol, extended to datasets).
"""

import gzip
import http.client
import sys
import urllib.request
from pathlib import Path

from quoth.release.release import Releases


def main(releases: str, store: str) -> None:
    """Send the quads of the current release. Raises urllib.error.HTTPError where the engine refuses them."""
    release = Releases(Path(releases)).current()
    with release.open_file("claims.nq.gz") as file, gzip.open(file) as quads:
        request = urllib.request.Request(store, quads.read(), {"Content-Type": "application/n-quads"}, method="PUT")
        answer: http.client.HTTPResponse
        with urllib.request.urlopen(request) as answer:
            answer.read()
    print(f"the engine holds release {release.number}")


if __name__ == "__main__":
    main(*sys.argv[1:])
