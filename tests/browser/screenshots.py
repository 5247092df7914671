"""Pictures of the main pages for the README: ``python -m tests.browser.screenshots DIR``.

They are of a server of its own with the shipped data.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ..serving import Server, serving
from .conftest import FLAGS
from .site import sitemap

DESK, PHONE = (1200, 800), (390, 800)
"""Width and height in CSS pixels."""


def pages(paths: list[str], served: Server) -> dict[str, tuple[str, tuple[int, int]]]:
    """File name → path and size. A page that this server has not is left out."""

    def first(start: str) -> str:
        return next((path for path in paths if path.startswith(start)), start)

    claim = first("doc/claim/army-ttp-talks/ttp-proposes-shariah")
    wanted = {
        "home": ("", DESK),
        "claim": (claim, DESK),
        "claim-phone": (claim, PHONE),
        "article": (first("doc/article/"), DESK),
        "entity": (first("doc/org/ttp"), DESK),
        "place": (first("doc/place/peshawar"), DESK),
        "search": ("search?q=army", DESK),
        "claims": ("claims", DESK),
        "query-editor": ("sparql", DESK),
    }
    return {name: page for name, page in wanted.items() if served.get("/" + page[0], {"Accept": "text/html"})[0] == 200}


def take(browser: Browser, url: str, size: tuple[int, int], out: Path) -> None:
    """Save a picture of what a window of that size shows."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=out)
    context.close()


@contextmanager
def shipped() -> Iterator[Server]:
    """A server of the shipped data."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from quoth.cli import main; main()", "publish", "--releases", folder]
        subprocess.run(command, check=True, capture_output=True)
        with serving(Path(folder), access_log="off") as server:
            yield server


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with shipped() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        for name, (path, size) in pages(sitemap(served), served).items():
            out = folder / f"{name}.png"
            take(browser, f"http://127.0.0.1:{served.port}/{path}", size, out)
            print(f"{out}: {out.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
