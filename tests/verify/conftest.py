"""The fictional article's release, by which the tests of this room judge."""

from collections.abc import Callable

import pytest

from quoth.release.open import open_lists
from quoth.release.release import Release
from quoth.verify.findings import Report
from quoth.verify.verify import verify

Verify = Callable[[str], Report]


@pytest.fixture(scope="session")
def judged(release: Release) -> Verify:
    """Holds a text against the fictional article's claims."""
    lists, summaries = open_lists(release)
    return lambda text: verify(text, lists, release.number, summaries=summaries)
