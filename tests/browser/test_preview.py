"""A preview in a real browser: a page that is open reloads itself when what it shows has changed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ..previewing import is_up, preview, save
from ..serving import until
from ..small_article import BEAM, document, write
from .conftest import visiting

OLD, NEW = "label: A beam had cracked.", "label: The beam is said to have cracked."


def claim(label: str, quoted: str = "a beam had cracked") -> str:
    """The document with one claim, which has that label."""
    coded = BEAM.replace("words: ", f"{label}, words: ").replace("a beam had cracked", quoted)
    return document(coded)


@pytest.mark.slow
def test_a_page_reloads_itself_when_a_document_is_saved(chromium: Browser, tmp_path: Path) -> None:
    write(tmp_path / "documents", claim(OLD))
    with preview(tmp_path, "--watch") as server, visiting(chromium, f"http://127.0.0.1:{server.port}/") as visit:
        until(lambda: is_up(server), 60)
        tab, still = visit("doc/claim/bridge/beam-cracked"), visit("doc/claim/bridge/beam-cracked", javascript=False)
        heading, banner = tab.page.locator("h1"), tab.page.locator("aside.preview")
        expect(heading).to_have_text("A beam had cracked.")
        expect(banner).to_contain_text("Preview")

        save(tmp_path, claim(NEW))
        expect(heading).to_have_text("The beam is said to have cracked.", timeout=60_000)
        expect(still.page.locator("h1")).to_have_text("A beam had cracked.")
        still.page.reload()
        expect(still.page.locator("h1")).to_have_text("The beam is said to have cracked.")

        save(tmp_path, claim(NEW, "<img src=x onerror='window.ran=1'>"))
        expect(banner).to_contain_text("<img src=x onerror=", timeout=60_000)
        expect(heading).to_have_text("The beam is said to have cracked.")

        save(tmp_path, claim(OLD))
        expect(heading).to_have_text("A beam had cracked.", timeout=60_000)
        expect(banner).not_to_contain_text("img")
        tab.clean()
