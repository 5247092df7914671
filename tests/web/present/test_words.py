"""The words of pages: the examples in their modules hold."""

import doctest
import re
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import nearest_ids
from quoth.claim.model import coverage, quotation_marks
from quoth.claim.rules import labels
from quoth.http import accept_language
from quoth.web.documents import withdrawal
from quoth.web.present import languages, phrases


@pytest.mark.parametrize(
    "module", [accept_language, coverage, labels, languages, nearest_ids, phrases, quotation_marks, withdrawal]
)
def test_the_examples_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    "path", ["/", "/doc/org/velm-salt", "/doc/article/harbour", "/doc/claim/harbour/no-ties", "/search?q=ferry"]
)
def test_cards_and_rows_say_what_is_out_of_the_ordinary(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    lists = re.findall(r'<ul class="attributes">(.*?)</ul>', text, re.DOTALL)
    assert not re.findall(r"v-(certain|positive|actual)\b", " ".join(lists))
    assert path != "/doc/org/velm-salt" or "v-negative" in " ".join(lists)
