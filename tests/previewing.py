"""A preview for a test: `quoth preview` in a process, over documents that the test saves."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .serving import Server, free_port


@contextmanager
def preview(folder: Path, *options: str) -> Iterator[Server]:
    """A preview of the documents in ``folder``, whose temporary files are in ``folder/tmp``."""
    port = free_port()
    (folder / "tmp").mkdir(exist_ok=True)
    command = [
        sys.executable,
        "-c",
        "from quoth.cli import main; main()",
        "preview",
        "documents",
        "--texts",
        "documents",
    ]
    with (folder / "output").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--port", str(port), *options],
            cwd=folder,
            stdout=output,
            stderr=errors,
            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(folder / "tmp"), "HOME": str(folder)},
        )
        server = Server(port, process)
        try:
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def is_up(server: Server) -> bool:
    try:
        return server.get("/").status == 200
    except OSError:
        return False


def save(corpus: Path, text: str) -> None:
    """Replace the document as editors do: by another file under its name."""
    other = corpus / "documents" / ".document-0.yaml.swp"
    other.write_text(text, "utf-8")
    other.replace(corpus / "documents" / "document-0.yaml")
