"""What every test uses: the fictional corpus, which ships its text."""

from pathlib import Path

import pytest

from quoth.claim.checking.anchors import Texts

BASE = "http://localhost:8000/"
CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(scope="session")
def harbour() -> Path:
    """The encoding of the fictional article."""
    return CORPUS / "harbour.yaml"


@pytest.fixture(scope="session")
def text() -> str:
    """The fictional article."""
    return (CORPUS / "harbour.txt").read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The directory with the fictional article's text."""
    return Texts(CORPUS)
