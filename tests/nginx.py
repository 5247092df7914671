"""nginx before a server of ours, with the configuration of the guide."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quoth.web.guide import chapters

from .clients import need
from .serving import Server, free_port, until

GUIDE = (Path(chapters.__file__).parent / "operating.md").read_text("utf-8")
CONFIGURATION = next(t.content for t in chapters.examples(GUIDE) if t.info.startswith("nginx"))
[VALID_S] = map(int, re.findall(r"^ *proxy_cache_valid 200 (\d+)s;$", CONFIGURATION, re.MULTILINE))
"""Seconds for which nginx takes a response for valid before it asks again."""


@contextmanager
def proxied(folder: Path, server_port: int) -> Iterator[Server]:
    """nginx with the configuration of the guide, at other ports and in another folder."""
    need("nginx")
    port = free_port()
    folder.chmod(0o755)
    configuration = (
        CONFIGURATION.replace("/var/cache/nginx/quoth", str(folder / "cache"))
        .replace("127.0.0.1:8000", f"127.0.0.1:{server_port}")
        .replace("listen 80;", f"listen 127.0.0.1:{port};")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; {user} pid {folder / 'pid'}; error_log {folder / 'error.log'} warn; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{configuration}\n}}\n"
    )
    with subprocess.Popen(["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(whole)]) as process:
        proxy = Server(port, process)
        try:
            until(lambda: process.poll() is not None or answers(proxy), 20)
            assert process.poll() is None, (folder / "error.log").read_text()
            yield proxy
        finally:
            process.terminate()
            process.wait(20)


def answers(server: Server) -> bool:
    try:
        return server.get("/health")[0] == 200
    except OSError:
        return False
