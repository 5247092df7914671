"""Settings from options and the environment: values, wrong values, and names that are not settings."""

import re
from dataclasses import fields
from typing import Any

import pytest

from quoth.config import Settings
from quoth.errors import UsageError

# name and value of a variable: the words of the message
WRONG = {
    ("PORT", "tcp://10.0.0.1:80"): "not a whole number",
    ("PORT", "1e3"): "not a whole number",
    ("PORT", "８０００"): "not a whole number",
    ("PORT", "0"): "not above zero",
    ("PORT", "-1"): "not above zero",
    ("PORT", "65536"): "too large",
    ("QUERY_TIME_LIMIT_S", "10s"): "not a number",
    ("QUERY_TIME_LIMIT_S", "nan"): "not above zero",
    ("QUERY_TIME_LIMIT_S", "inf"): "too large",
    ("QUERY_TIME_LIMIT_S", "1e300"): "too large",
    ("QUERY_RESULT_MB", "1.5"): "not a whole number",
    ("QUERY_RESULT_ROWS", "9" * 30): "too large",
    ("QUERY_MEMORY_MB", "1"): "too small",
    ("QUERY_MEMORY_MB", "1 GB"): "not a whole number",
    ("PROCESSES", "0"): "not above zero",
    ("PROCESSES", "100000"): "too large",
    ("QUERY_WORKERS", "100000"): "too large",
    ("HOST", " "): "the address is missing",
    ("BASE", "x"): "not an absolute http URL",
    ("BASE", "ftp://x/"): "not an absolute http URL",
    ("BASE", "http://x/#a"): "not an absolute http URL",
    ("BASE", "http://x/?a"): "has a query",
    ("BASE", "http://x:port/"): "not an absolute http URL",
    ("PUBLIC_URL", "localhost:8000"): "not an absolute http URL",
    ("PUBLIC_URL", "http://x/a b/"): "not an absolute http URL",
    ("ENGINE", "localhost:3030/ds"): "not an absolute http URL",
    ("ENGINE", "http://[x"): "not an absolute http URL",
    ("TRUSTED_PROXIES", "10.0.0.1 proxy"): "'proxy' does not appear to be an IPv4 or IPv6 network",
    ("TRUSTED_PROXIES", "10.0.0.0/99"): "'10.0.0.0/99' does not appear to be",
    ("QUERY_RATE_LIMIT", "often"): "'often' is not a rate",
    ("SERVICE_ENDPOINTS", "http://fine/sparql example.org/sparql"): "'example.org/sparql' is not an absolute http URL",
    ("SERVICE_ENDPOINTS", "ftp://x/"): "not an absolute http URL",
    ("SERVICE_ENDPOINTS", "http://u:p@x/"): "'http://…@x/' has a user name",
    ("SERVICE_ENDPOINTS", "http://x/#f"): "not an absolute http URL",
    ("SERVICE_ENDPOINTS", "http://[x/"): "not an absolute http URL",
    ("SERVICE_ENDPOINTS", "http://x/<>"): "not an absolute http URL",
    ("SERVICE_ENDPOINTS", "http://x/\x01"): "not an absolute http URL",
    ("CONTACT", "me"): "not a URL",
    ("CONTACT", "tel:1"): "not a contact address",
    ("PROCESES", "2"): "did you mean QUOTH_PROCESSES?",
    ("QUERY_TIME_LIMIT", "3"): "did you mean QUOTH_QUERY_TIME_LIMIT_S?",
    ("RELEASE", "x"): "did you mean QUOTH_RELEASES?",
}


@pytest.mark.parametrize(("variable", "words"), list(WRONG.items()), ids=lambda v: "=".join(v)[:40])
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(variable: tuple[str, str], words: str) -> None:
    name = f"QUOTH_{variable[0]}"
    with pytest.raises(UsageError, match=re.escape(words)) as caught:
        Settings.from_environment({name: variable[1]})
    assert name in str(caught.value)


NUMBERS = {field.name: field.default for field in fields(Settings) if isinstance(field.default, int | float)}


@pytest.mark.parametrize(("name", "default"), NUMBERS.items(), ids=NUMBERS)
def test_every_number_has_bounds_and_a_unit_in_its_name_alone(name: str, default: float) -> None:
    variable = f"QUOTH_{name.upper()}"
    assert type(default) is int or name.endswith("_s"), "only time has fractions; what has no unit is counted"
    read = getattr(Settings.from_environment({variable: str(default)}), name)
    assert (read, type(read)) == (default, type(default))
    for wrong in ("-1", "1000000001", "5 MB", "5s", *([] if name == "keep_releases" else ["0"])):
        with pytest.raises(UsageError, match=rf"^{variable}: .*without a unit\)$"):
            Settings.from_environment({variable: wrong})


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("port", " 8080 ", 8080),
        ("query_time_limit_s", "0.5", 0.5),
        ("base", "https://e.org/claims", "https://e.org/claims/"),
        ("host", "[::1]", "::1"),
        ("engine", "http://localhost:3030/ds/sparql", "http://localhost:3030/ds/sparql"),
        ("engine", "", ""),
        ("port", "", 8000),
    ],
)
def test_a_value_is_read(name: str, raw: str, value: Any) -> None:
    assert getattr(Settings.from_environment({f"QUOTH_{name.upper()}": raw}), name) == value


def test_an_option_comes_before_a_variable() -> None:
    assert Settings.from_environment({"QUOTH_PORT": "1"}, port=2, host=None).port == 2
    with pytest.raises(UsageError, match=r"^--port: -1 is not above zero"):
        Settings.from_environment({}, port=-1)


def test_a_variable_that_is_like_no_setting_is_named_and_no_error() -> None:
    environment = {"QUOTH_SERVICE_HOST": "10.0.0.1", "HOME": "/", "QUOTH_PORT": "8000"}
    assert Settings.unknown(environment) == {"QUOTH_SERVICE_HOST": None}
    assert Settings.from_environment(environment) == Settings()


def test_all_that_is_wrong_is_said_at_once() -> None:
    environment = {"QUOTH_PROCESES": "2", "QUOTH_PORT": "http", "QUOTH_CACHE_MB": "lots"}
    with pytest.raises(UsageError) as error:
        Settings.from_environment(environment)
    assert all(name in str(error.value) for name in environment)
    assert "\n" not in str(error.value)


def test_a_malformed_address_is_told_without_its_password() -> None:
    with pytest.raises(UsageError) as told:
        Settings.from_environment(engine="http://me:secret@db:x/ds")
    assert "secret" not in str(told.value)
    assert "//…@db:x/ds" in str(told.value)
