"""`feedsvc doctor`: what is wrong, in words, and what to do about it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from feedsvc.cli.clock import now
from feedsvc.config import load_config

SIGNS = {"fine": "✓", "note": "!", "wrong": "✗"}


@click.command("doctor", epilog="\b\nExamples:\n  feedsvc doctor\n  feedsvc doctor --offline --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--offline", is_flag=True, help="Ask nobody on the network: no portal, no public address.")
@click.pass_obj
def doctor_command(obj: dict[str, Path], *, as_json: bool, offline: bool) -> None:
    """Look at configuration, secrets, disk, clock, database, pollers, portals' hosts and the public address.

    One line each: a sign, what was found, and what to do. Nothing is changed. Exits with 1 when something is wrong.
    """
    config = load_config(obj["config"])
    # Help and mistakes are told at once: what looks is loaded when there is something to look at.
    from feedsvc.doctor import examine  # noqa: PLC0415

    bad, told = False, []
    for finding in examine(config, obj["config"], now(), offline=offline):
        bad = bad or finding.verdict == "wrong"
        told.append(asdict(finding))
        if not as_json:
            todo = f"; {finding.todo}" if finding.todo else ""
            click.echo(f"{SIGNS[finding.verdict]} {finding.check}: {finding.words}{todo}")
    if as_json:
        click.echo(json.dumps({"fine": not bad, "findings": told}, ensure_ascii=False, indent=1))
    if bad:
        sys.exit(1)
