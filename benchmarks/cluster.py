"""A throw-away PostgreSQL for benchmarks, with its usual settings: what is committed is on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path:
    """Where PostgreSQL's programs are. Raises SystemExit where it is not installed."""
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda found: int(found.parts[-3]))
    if not installed:
        raise SystemExit("PostgreSQL is not installed, and this needs it; on Debian: apt-get install postgresql")
    return installed[-1].parent


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of an empty database of a cluster in `folder`; it never runs as root."""
    found, place = programs(), folder / "pg"
    place.mkdir()
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        folder.chmod(0o755)
        shutil.chown(place, "postgres")

    def run(*words: str) -> None:
        subprocess.run(words, check=True, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)  # type: ignore[call-overload] # `user` is a keyword of its own

    run(f"{found}/initdb", "-D", f"{place}/data", "-U", "feedsvc", "-A", "trust", "-E", "UTF8", "--locale=C")
    settings = f"-k {place} -c listen_addresses="
    run(f"{found}/pg_ctl", "-D", f"{place}/data", "-w", "-l", f"{place}/log", "-o", settings, "start")
    try:
        yield f"postgresql://feedsvc@/postgres?host={place}"
    finally:
        run(f"{found}/pg_ctl", "-D", f"{place}/data", "-m", "immediate", "stop")
