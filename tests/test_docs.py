"""The documents say what the code does."""

import re
import runpy
from pathlib import Path

import pytest

from feedsvc.cli import VERBS
from feedsvc.config import load_config

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_reference_is_what_the_code_says() -> None:
    """docs/reference/configuration.md is what `python docs/reference.py` writes: every key, default and meaning."""
    written = runpy.run_path(str(ROOT / "docs" / "reference.py"))["reference"]()
    assert (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8") == written


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_in_the_readme(verb: str) -> None:
    """A verb that exists is in the README's table."""
    assert f"`feedsvc {verb}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_verbs_and_options_in_the_documents_exist(page: Path) -> None:
    """No document tells of a verb that is not there."""
    told = re.findall(
        r"(?:^|[`/ ])feedsvc (?:--config \S+ )?([a-z]+)\b(?=[^a-z]|$)", page.read_text("utf-8"), re.MULTILINE
    )
    commands = {
        verb for verb in told if re.search(rf"(?:bin/|`)feedsvc (?:--config \S+ )?{verb}\b", page.read_text("utf-8"))
    }
    assert commands <= set(VERBS)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    """Every relative link of a document names a file that exists."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_whole_configurations_in_the_documents_are_fine(page: Path, tmp_path: Path) -> None:
    """A TOML example that stands for itself is accepted by `feedsvc check`."""
    for number, example in enumerate(
        re.findall(r"^```toml\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    ):
        if "[[source]]" in example:
            path = tmp_path / f"{number}.toml"
            path.write_text(example, "utf-8")
            assert load_config(path, {}).sources()


def test_every_module_is_on_the_map() -> None:
    """docs/architecture.md names every module of the pure rooms and doors, so a newcomer finds each."""
    told = set(re.findall(r"[a-z_]+", (ROOT / "docs" / "architecture.md").read_text("utf-8")))
    rooms = ("extract", "sites")
    names = {path.stem for room in rooms for path in (ROOT / "feedsvc" / room).glob("*.py")} - {"__init__"}
    assert names <= told


def test_every_invariant_names_a_test_that_exists() -> None:
    """Each of the sixteen promises in docs/reference/invariants.md has a test under that name."""
    page = (ROOT / "docs" / "reference" / "invariants.md").read_text("utf-8")
    rows = re.findall(r"^\| (I\d+) \|[^|]+\| `([^`]+\.py)::(test_\w+)` \|$", page, re.MULTILINE)
    assert [number for number, _, _ in rows] == [f"I{n}" for n in range(1, 17)]
    for _, path, name in rows:
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), name
