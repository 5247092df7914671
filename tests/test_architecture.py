"""The documents for developers describe the code: what they name exists, and their picture and tables are true."""

import ast
import inspect
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import grimp
import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from quoth.claim.checking import dataset_rules
from quoth.claim.model.namespaces import PREFIXES, QUOTH
from quoth.cli import LazyCommand, cli
from quoth.config import Settings
from quoth.engine.pool import worker
from quoth.engine.pool.ticket import TicketState
from quoth.release.manifest import FORMAT
from quoth.release.release import Release
from quoth.server import app as server_app

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "server" / "quoth"
DOCUMENTS = {name: (ROOT / name).read_text("utf-8") for name in ("CONTRIBUTING.md", "server/README.md")}
ROOMS = DOCUMENTS["server/README.md"]

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_DEFINED_IN = re.compile(r"`([\w.]+)` in `([\w./-]+\.py)`")
_LINK = re.compile(r"\]\(([^):]+)\)")


def definitions(module: Path) -> Iterator[str]:
    """The names that a module defines: ``name``, and for the members of a class ``Class.member`` and ``member``."""

    def visit(body: list[ast.stmt], owner: str) -> Iterator[str]:
        for node in body:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    yield from (name, owner + name)
                case ast.ClassDef(name=name):
                    yield name
                    yield from visit(node.body, f"{name}.")
                case ast.Assign() | ast.AnnAssign():
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    names = (n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
                    yield from (spelling for name in names for spelling in (name, owner + name))

    yield from visit(ast.parse(module.read_text("utf-8")).body, "")


@cache
def all_definitions() -> frozenset[str]:
    """The definitions of Quoth and of its tests, alone and as ``module.name``."""
    modules = {path: set(definitions(path)) for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*.py")}
    qualified = {f"{path.stem}.{name}" for path, names in modules.items() for name in names}
    return frozenset(qualified.union(*modules.values()))


@cache
def import_graph() -> grimp.ImportGraph:
    return grimp.build_graph("quoth")


def is_path(text: str) -> bool:
    """Whether a file or folder has that path from the top or from the package; NAME stands for any name."""
    pattern = text.replace("NAME", "*")
    return not text.startswith("/") and any(any(root.glob(pattern)) for root in (ROOT, PACKAGE))


def is_suffix(text: str) -> bool:
    return re.fullmatch(r"\.\w+", text) is not None and any(PACKAGE.rglob(f"*{text}"))


def is_target(text: str) -> bool:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    return text.startswith("make ") and set(text.split()[1:]) <= targets


def is_command(text: str) -> bool:
    """Whether it runs a command of Quoth that exists, with options that it has, or pytest; and its paths exist."""
    program, *words = shlex.split(text.removeprefix(".venv/bin/"))
    if not all(is_path(word) for word in words if "/" in word):
        return False
    command: click.Command = cli
    for word in words if program == "quoth" else ():
        if isinstance(command, click.Group):
            if word not in command.commands:
                return False
            command = command.commands[word]
            command = command.load() if isinstance(command, LazyCommand) else command
        elif word.startswith("-") and not any(word in parameter.opts for parameter in command.params):
            return False
    return program in ("quoth", "pytest") and bool(words)


def is_setting(text: str) -> bool:
    return text in {f"QUOTH_{field.name.upper()}" for field in fields(Settings)}


def is_marker(text: str) -> bool:
    return f'    "{text}: ' in (ROOT / "pyproject.toml").read_text("utf-8")


def is_prefixed_name(text: str) -> bool:
    prefix, colon, name = text.partition(":")
    return bool(colon) and (name in QUOTH.terms if prefix == "quoth" else prefix in PREFIXES)


def is_part_of_a_rule(text: str) -> bool:
    """Whether the check of rules reads that variable, header or place in a message."""
    field = re.fullmatch(r"\?(\w+)|\{(\w+)\}|# (\w+):", text)
    return field is not None and f'"{field[field.lastindex or 0]}"' in inspect.getsource(dataset_rules)


def is_frame(text: str) -> bool:
    return re.search(rf"^{re.escape(text)}    \w", worker.__doc__ or "", re.MULTILINE) is not None and len(text) == 1


def is_name(text: str) -> bool:
    """Whether it is the name of a module, or of something that a module defines."""
    return text in import_graph().modules or text in all_definitions()


FORMS = (
    *(is_path, is_suffix, is_target, is_command, is_setting, is_marker, is_prefixed_name, is_part_of_a_rule),
    *(is_frame, is_name),
)


def exists(text: str, app: Flask, release: Release) -> bool:
    """Whether what stands between backticks exists, in whichever form it is named."""
    if text.startswith("/"):
        try:
            app.url_map.bind("localhost").match(text, "GET")
        except NotFound:
            return False
        return True
    in_release = text in release.segments() or any((release.path / up / text).exists() for up in ("", ".."))
    return in_release or any(form(text) for form in FORMS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_named_module_command_and_setting_exists(name: str, app: Flask, release: Release) -> None:
    spans = dict.fromkeys(_SPAN.findall(_FENCE.sub("", DOCUMENTS[name])))
    assert len(spans) > 50
    assert [span for span in spans if not exists(span, app, release)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_symbols_are_in_the_modules_that_the_text_names(name: str) -> None:
    pairs = _DEFINED_IN.findall(" ".join(DOCUMENTS[name].split()))
    assert len(pairs) > 10
    for symbol, path in pairs:
        module = PACKAGE / path if (PACKAGE / path).exists() else ROOT / path
        assert symbol in set(definitions(module)), f"{symbol} in {path}"


@pytest.mark.parametrize("name", ["README.md", *DOCUMENTS])
def test_links_lead_to_existing_files(name: str) -> None:
    targets = [target for target in _LINK.findall((ROOT / name).read_text("utf-8")) if not target.startswith("#")]
    assert targets
    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []


@pytest.mark.parametrize(
    "text",
    [
        *("make nothing", "quoth nothing", "quoth draft --nothing", "quoth check tests/nothing", "QUOTH_NOTHING"),
        *("web/nothing.py", "claim/rules/nothing/NAME.rq", "quoth.nothing", "Nothing", "variants.nothing"),
        *("/nowhere", "quoth:nothing", "nothing:label", "?nothing", "# nothing:", "{nothing}", "Z", ".nothing"),
        *("nothing.json", "pytest tests/nothing", "Release.nothing"),
    ],
)
def test_an_unknown_name_is_detected(text: str, app: Flask, release: Release) -> None:
    assert not exists(text, app, release)


def table(first: str) -> dict[str, list[str]]:
    """The rows of the table in server/README.md whose first heading is ``first``: first cell → the other cells."""
    [rows] = re.findall(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", ROOMS, re.MULTILINE)
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells}


def top_imports() -> dict[str, set[str]]:
    """Top room → the top rooms that it imports."""
    graph = import_graph()
    rooms = {name for name in graph.find_children("quoth") if graph.find_children(name)}

    def imported(room: str) -> set[str]:
        others = rooms - {room}
        return {r for r in others if graph.direct_import_exists(importer=room, imported=r, as_packages=True)}

    return {room.removeprefix("quoth."): {r.removeprefix("quoth.") for r in imported(room)} for room in rooms}


def test_the_table_of_rooms_has_every_room() -> None:
    packages = {init.parent.relative_to(PACKAGE).as_posix() for init in PACKAGE.rglob("__init__.py")} - {"."}
    assert set(table("room")) == packages


@pytest.mark.parametrize(
    "path", sorted(set(PACKAGE.rglob("__init__.py")) - {PACKAGE / "__init__.py"}), ids=lambda i: i.parent.name
)
def test_the_docstring_of_a_room_names_its_importers(path: Path) -> None:
    graph, package = import_graph(), ".".join(("quoth", *path.parent.relative_to(PACKAGE).parts))
    modules = {package, *graph.find_descendants(package)}
    importers = set().union(*map(graph.find_modules_that_directly_import, modules)) - modules
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    named = tuple(f"quoth.{name}." for name in re.findall(r"``([\w.]+)``", docstring))
    assert package.count(".") == 1 or importers
    if "Every room may import" not in docstring:
        assert [importer for importer in sorted(importers) if not f"{importer}.".startswith(named)] == []


def test_every_module_beside_the_rooms_is_named() -> None:
    for module in PACKAGE.glob("[!_]*.py"):
        assert f"`{module.name}` (" in ROOMS


def test_no_script_of_a_client_has_the_name_of_a_library_s_module() -> None:
    """Its folder is the first in which Python looks, for what the client imports, too."""
    scripts = {path.stem for path in (ROOT / "tests" / "conformance" / "clients").glob("*.py")}
    assert scripts
    assert scripts.isdisjoint(sys.stdlib_module_names)


def test_the_table_of_imports_is_true() -> None:
    assert {room: set(_SPAN.findall(cell)) for room, (cell,) in table("top room").items()} == top_imports()


def test_the_picture_shows_the_imports_that_follow_from_no_others() -> None:
    [picture] = re.findall(r"```mermaid\n(.*?)```", ROOMS, re.DOTALL)
    arrows = re.findall(r"^ +(\w+) --> (\w+)$", picture, re.MULTILINE)
    assert len(arrows) == len(picture.splitlines()) - 1 == len(set(arrows))
    imports = top_imports()

    def reach(room: str) -> set[str]:
        return imports[room].union(*(reach(below) for below in imports[room]))

    direct = {(a, b) for a in imports for b in imports[a] if not any(b in reach(c) for c in imports[a])}
    assert set(arrows) == direct


def test_the_layers_are_in_the_order_of_the_code() -> None:
    code = re.findall(
        r"^    (?:layers|application)\b[^(]*?(\w+)\(", inspect.getsource(server_app.create_app), re.MULTILINE
    )
    [text] = re.findall(r"((?:`\w+` →\s+)+`WsgiBridge`)", ROOMS)
    assert _SPAN.findall(text) == code[::-1]


def test_the_table_of_the_release_folder_is_true(release: Release) -> None:
    files = table("file")
    assert set(files) == {path.name for path in release.path.iterdir()}
    kept_in_segments = set(table("table"))
    assert kept_in_segments == set(release.segments())
    hashed_alone = {name for name, (_, hashed) in files.items() if hashed == "yes"}
    assert hashed_alone | kept_in_segments == set(release.manifest.files)
    assert f"`FORMAT` in `release/manifest.py`: {FORMAT}." in ROOMS


def test_the_table_of_states_is_true() -> None:
    assert list(table("state")) == [state.name for state in TicketState]
