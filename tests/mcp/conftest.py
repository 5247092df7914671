"""An assistant over the release of the fictional corpus."""

import pytest
from flask import Flask

from .asking import Assistant


@pytest.fixture(scope="session")
def assistant(app: Flask) -> Assistant:
    return Assistant(app.extensions["quoth"])
