"""The words of pages: the examples in their modules hold."""

import doctest
from types import ModuleType

import pytest

from quoth.claim.checking import nearest_ids
from quoth.claim.model import coverage, excerpts, quotation_marks
from quoth.claim.rules import labels
from quoth.http import accept_language
from quoth.web.documents import withdrawal
from quoth.web.present import languages, phrases


@pytest.mark.parametrize(
    "module",
    [accept_language, coverage, excerpts, labels, languages, nearest_ids, phrases, quotation_marks, withdrawal],
)
def test_the_examples_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
