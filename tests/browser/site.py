"""The pages of a server, as its front page and its sitemap lead to them."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from ..serving import Server

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
EACH_KIND = 1


class Page(HTMLParser):
    """The elements of a page: (tag, attributes), and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._script: dict[str, str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "script":
            self._script = self.elements[-1][1]

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts.append((self._script, data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def links(self) -> list[str]:
        """Where its links lead."""
        return [attributes["href"] for tag, attributes in self.elements if tag == "a" and "href" in attributes]


def sitemap(server: Server) -> list[str]:
    """The paths of all pages in the sitemap, without a slash before them."""
    root = f"http://127.0.0.1:{server.port}/"

    def located(path: str) -> list[str]:
        return [(node.text or "").removeprefix(root) for node in ET.fromstring(server.get("/" + path)[2]).iter(_LOC)]

    found = located("sitemap.xml")
    if all(re.fullmatch(r"sitemap-\d+\.xml", path) for path in found):
        found = [path for part in found for path in located(part)]
    return found


def kind(path: str) -> str:
    """The kind of page at a path: its first segment, for a document its second too, and whether it is filtered."""
    parts = urlsplit(path)
    segments = parts.path.split("/")
    deep = 2 if segments[0] == "doc" else 1
    return "/".join(segments[:deep]) + ("/…" if len(segments) > deep else "") + ("?…" if parts.query else "")


def kinds(server: Server) -> list[str]:
    """Paths of every kind of page: from the sitemap, and from the links on those pages; EACH_KIND of each kind."""
    root = f"http://127.0.0.1:{server.port}/"
    found: dict[str, list[str]] = {}
    waiting = sitemap(server)
    seen = set(waiting)
    while waiting:
        path = waiting.pop(0)
        of_kind = found.setdefault(kind(path), [])
        if len(of_kind) == EACH_KIND:
            continue
        status, headers, body = server.get("/" + path, {"Accept": "text/html"})
        if status != 200 or not headers["content-type"].startswith("text/html"):
            continue
        of_kind.append(path)
        for link in Page(body.decode()).links():
            url = urljoin(root + path, link).partition("#")[0]
            if url.startswith(root) and (further := url.removeprefix(root)) not in seen:
                seen.add(further)
                waiting.append(further)
    return [path for paths in found.values() for path in paths]
