"""nginx before servers of ours, with the configuration of the guide for one, or that of server/deploy for many."""

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


MANY = (Path(__file__).parent.parent / "server" / "deploy" / "nginx.conf").read_text("utf-8")
_ADDRESS = re.compile(r"(?<=server )[\d.]+:8000")


@contextmanager
def proxied(folder: Path, *server_ports: int, files: tuple[Path, int] | None = None) -> Iterator[Server]:
    """nginx with the configuration for as many servers, at other ports and in another folder. It also serves the
    ``files`` of a folder at a port, if these are named."""
    need("nginx")
    port, ports = free_port(), iter(server_ports)
    folder.chmod(0o755)
    configuration = (
        _ADDRESS.sub(lambda _: f"127.0.0.1:{next(ports)}", CONFIGURATION if len(server_ports) == 1 else MANY)
        .replace("/var/cache/nginx/quoth", str(folder / "cache"))
        .replace("listen 80;", f"listen 127.0.0.1:{port};")
    )
    if files is not None:
        configuration += f"server {{ listen 127.0.0.1:{files[1]}; root {files[0]}; }}"
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
