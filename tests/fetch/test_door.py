"""There is one door to the network."""

from __future__ import annotations

import ast
from pathlib import Path

import feedsvc

ROOT = Path(feedsvc.__file__).parent
CLIENTS = {"aiohttp", "requests", "httpx", "urllib3", "urllib.request", "http.client", "pycurl", "ftplib"}


def imported(path: Path) -> set[str]:
    """The modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def clients(path: Path) -> set[str]:
    """The client libraries among them."""
    return {name for name in imported(path) if any(name == c or name.startswith(f"{c}.") for c in CLIENTS)}


def test_no_other_room_imports_a_client():
    """Only feedsvc/fetch asks the network: no other room imports a client library."""
    found = {path.relative_to(ROOT): clients(path) for path in ROOT.rglob("*.py")}
    offenders = {str(path): names for path, names in found.items() if names and path.parts[0] != "fetch"}
    assert not offenders
    assert any(path.parts[0] == "fetch" for path, names in found.items() if names)


def test_one_module_opens_connections():
    """Within the door, one module alone holds a session."""
    text = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "fetch").glob("*.py")}
    assert [name for name, code in text.items() if "ClientSession(" in code] == ["exchange.py"]
