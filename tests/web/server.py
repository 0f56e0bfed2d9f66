"""`python server.py FOLDER PORT WORKERS`: granian over the configuration and the database in a folder."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from feedsvc.config import load_config
from feedsvc.service import Service
from feedsvc.serving import serve
from feedsvc.store import open_store
from feedsvc.web import create_app


def load(folder, port):
    """The application, as each worker makes it for itself."""
    config = load_config(folder / "config.toml", {}).listening("127.0.0.1", port)
    return create_app(Service(config, open_store(config.database), partial(datetime.now, UTC)))


if __name__ == "__main__":
    where, number = Path(sys.argv[1]), int(sys.argv[2])
    serve(partial(load, where, number), "127.0.0.1", number, int(sys.argv[3]))
