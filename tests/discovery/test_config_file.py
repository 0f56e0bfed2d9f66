"""A source written into config.toml: one block more, and not a byte else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.config import load_config
from feedsvc.config_file import (
    Entry,
    categories_block,
    read_file,
    source_block,
    with_categories,
    with_source,
    write_file,
)
from feedsvc.errors import ConfigError

ENTRIES = (
    Entry(slug="tin-tuc", title='Tin "nóng" \\ mới', url="https://muongla.example.vn/tin"),
    Entry(slug="video", title="Video", url="https://muongla.example.vn/video", kind="video"),
)
FILE = """\
# Cấu hình của thị trấn
[service]
title = "Tin"   # tên

[[source]]
slug = "muong-la"
title = '''Mường
[[La]]'''
home = "https://muongla.example.vn/"
  [source.select]
  byline = ".author"  # tác giả

# phần web
[web]
port = 8090

[[source]]
slug = "khac"
title = "Khác"
home = "https://khac.example.vn/"
"""


def block(slug="moi"):
    """A whole source."""
    return source_block(slug, "Mường La", "https://muongla.example.vn/", ENTRIES)


def test_a_block_says_what_was_found():
    """A source, its categories, `kind` where it is not news; whatever stands in a name comes back."""
    (source,) = tomllib.loads(block())["source"]
    assert source["slug"] == "moi"
    assert [(one["slug"], one["title"], one.get("kind")) for one in source["category"]] == [
        ("tin-tuc", 'Tin "nóng" \\ mới', None),
        ("video", "Video", "video"),
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_name_comes_back(name):
    """No name of a portal can break out of its place in the file."""
    text = source_block("a", name, "https://a.example/", [Entry(slug="b", title=name, url="https://a.example/b")])
    (source,) = tomllib.loads(text)["source"]
    assert (source["title"], source["category"][0]["title"]) == (name, name)


@pytest.mark.parametrize("text", [FILE, FILE.rstrip("\n"), FILE.replace("\n", "\r\n"), "", "# nothing\n"])
def test_a_source_is_added_at_the_end(text):
    """What was there stays byte for byte; line ends are those of the file."""
    after = with_source(text, block())
    assert after.startswith(text)
    assert [one["slug"] for one in tomllib.loads(after)["source"]][-1] == "moi"
    assert ("\r\n" in text) == ("\r\n" in after[len(text) :])


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_categories_are_pinned_below_their_source(ends):
    """Categories go to the end of the source's own lines, before the comment of the next table."""
    text = FILE.replace("\n", ends)
    after = with_categories(text, 0, categories_block(ENTRIES))
    lines, kept = after.splitlines(), text.splitlines()
    added = [line for line in lines if line not in kept]
    assert [line for line in lines if line in kept and line.strip()] == [line for line in kept if line.strip()]
    assert added[0].strip() == "[[source.category]]"
    assert lines.index("# phần web") > lines.index(added[-1])
    first, second = tomllib.loads(after)["source"]
    assert (len(first["category"]), "category" in second) == (2, False)
    assert len(tomllib.loads(with_categories(text, 1, categories_block(ENTRIES)))["source"][1]["category"]) == 2


def test_a_file_is_written_whole(tmp_path):
    """The new text stands in the file with its mode kept, and it is a configuration."""
    path = tmp_path / "config.toml"
    path.write_bytes(FILE.encode())
    path.chmod(0o640)
    before = read_file(path)
    after = with_source(before, block())
    write_file(path, before, after, tomllib.loads(block())["source"][0])
    assert path.read_bytes() == after.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert len(load_config(path, {}).source) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    """A config.toml that is a link to another place is written there."""
    (tmp_path / "there").mkdir()
    real, path = tmp_path / "there" / "config.toml", tmp_path / "config.toml"
    real.write_text("", "utf-8")
    path.symlink_to(real)
    write_file(path, "", with_source("", block()), tomllib.loads(block())["source"][0])
    assert path.is_symlink()
    assert "moi" in real.read_text("utf-8")


@pytest.mark.parametrize("text", ["source = []\n", '[[source]]\nslug = "a"\ntitle = "b"\nhome = 3\n'])
def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path, text):
    """Where the result would not be what was meant, nothing is written."""
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        write_file(path, text, with_source(text, block()), tomllib.loads(block())["source"][0])
    assert path.read_text("utf-8") == text


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path):
    """What someone else wrote since is not overwritten."""
    path = tmp_path / "config.toml"
    path.write_text("# anders\n", "utf-8")
    with pytest.raises(ConfigError, match="changed meanwhile"):
        write_file(path, "", with_source("", block()), tomllib.loads(block())["source"][0])
    assert path.read_text("utf-8") == "# anders\n"


def test_missing_and_foreign_files_are_told(tmp_path):
    """No file, or one that is no UTF-8, is told with what to do."""
    with pytest.raises(ConfigError, match="feedsvc init"):
        read_file(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"# \xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_file(tmp_path / "x.toml")


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    """Where the file cannot be replaced, it stays, and the reason is told."""
    path = tmp_path / "config.toml"
    path.write_text("", "utf-8")
    (tmp_path / "config.toml.tmp").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        write_file(path, "", with_source("", block()), tomllib.loads(block())["source"][0])
    assert path.read_text("utf-8") == ""
