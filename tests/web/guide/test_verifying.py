"""The guide's page on checking a text: its commands run against a real server and a real release, its table is that of
the verdicts, and the Python of another page does the same."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from quoth.release.release import Release
from quoth.verify.verdicts import VERDICTS
from quoth.web.guide import chapters

from ...conftest import CORPUS
from ...serving import serving

FOLDER = Path(chapters.__file__).parent
PAGE = (FOLDER / "verifying.md").read_text("utf-8")
EXAMPLES = chapters.examples(PAGE)


@pytest.mark.long
def test_the_commands_run_and_say_what_the_page_shows(release: Release, tmp_path: Path) -> None:
    [report] = [t for t in EXAMPLES if "file=report.md" in t.info]
    (tmp_path / "report.md").write_text(report.content, "utf-8")
    (tmp_path / "releases").symlink_to(release.path.parent)
    (tmp_path / "texts").symlink_to(CORPUS)
    printed = lines = ""
    with serving(release.path.parent, access_log="off") as server:
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        for example in EXAMPLES:
            if example.info == "sh run":
                command = example.content.replace("http://localhost:8000/", f"http://127.0.0.1:{server.port}/")
                done = subprocess.run(
                    command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == (1 if command == "quoth verify report.md\n" else 0), done.stderr
                printed = done.stdout
                if "--base" in command:
                    sent = (
                        f"quoth: sends report.md, {len(report.content)} characters, to http://127.0.0.1:{server.port}"
                    )
                    assert done.stderr.startswith(sent)
                    assert f"report.md, {len(report.content)} characters, to http" in PAGE
                    assert printed == lines
                elif command == "quoth verify report.md\n":
                    lines = printed
            elif example.info == "text":
                for line in example.content.splitlines():
                    assert line in printed
    assert (tmp_path / "report.sarif").read_text("utf-8").startswith("{")


def test_the_table_is_that_of_the_verdicts() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| ")]
    stated = [row for row in rows if len(row) == 3][1:]
    assert stated == [[m.label, m.sentence, "yes" if m.fails else "no"] for m in VERDICTS.values()]


def test_the_python_of_the_other_page_does_the_same(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [code] = [
        t.content for t in chapters.examples((FOLDER / "python.md").read_text("utf-8")) if t.info == "python court"
    ]
    (tmp_path / "releases").symlink_to(release.path.parent)
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "python.md", "exec"), {})
    assert re.match(
        r"1 altered 7 of 7 words .*negation lost \['http://localhost:8000/id/claim/harbour/no-ties'\]\n", out.getvalue()
    )
