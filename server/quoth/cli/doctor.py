"""``quoth doctor``: what could keep a server with these settings from serving well."""

import dataclasses
import json
import logging
from typing import Any

import click

from quoth import __version__
from quoth.cli.console import base_is_given, print_rows, settings_options
from quoth.cli.serve import with_shown_texts
from quoth.config import Settings
from quoth.errors import CheckError, UsageError, masked
from quoth.release.open import open_current
from quoth.server.doctor import Finding, examine, values


@click.command("doctor")
@settings_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Form of the report.")
def doctor_command(format_: str, **options: Any) -> None:
    """Look at settings, release, engine, clock, disk, permissions, proxy and the running server, and say what is wrong.

    It takes the options of `quoth serve`, and lists each setting with where it comes from. Credentials are never
    printed. Nothing is changed, and no other machine is asked but the engine and the public URL.

    Exit codes: 0 nothing is wrong, though there may be warnings; 1 something is.
    """
    listed = {}
    logging.getLogger("quoth").addHandler(logging.NullHandler())  # what it says is in the findings
    try:
        settings = with_shown_texts(Settings.from_environment(**options), options)
        origins = Settings.origins(**options)
    except UsageError as error:
        findings = [
            Finding("settings", "fault", masked(f"{error.where or ''}: {error.detail}".lstrip(": ")), error.remedy)
        ]
    else:
        base = settings.base if base_is_given(options["base"]) else settings.public_url
        findings, listed = examine(dataclasses.replace(settings, base=base), open_current), values(settings, origins)
    faults = [finding for finding in findings if finding.status == "fault"]
    if format_ == "json":
        report = {
            "version": __version__,
            "ok": not faults,
            "findings": [dataclasses.asdict(finding) for finding in findings],
            "settings": listed,
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        rows = [(finding.status, finding.check, finding.detail, finding.remedy or "") for finding in findings]
        print_rows(("", "what", "found", "what to do"), rows, findings)
        settings_rows = [(name, each["value"], each["from"]) for name, each in listed.items()]
        lines = [f"{name} = {value or '–'}  ({origin})" for name, value, origin in settings_rows]
        print_rows(("setting", "value", "from"), settings_rows, ["", *lines])
    if faults:
        wrong = ", ".join(dict.fromkeys(finding.check for finding in faults))
        raise CheckError(f"something is wrong: {wrong}", remedy="what to do is in the report")
