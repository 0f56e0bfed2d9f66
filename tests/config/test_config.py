"""config.toml: what is accepted, and how every mistake is told."""

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedsvc.config import Config, child_environ, config_warnings, host_port, load_config
from feedsvc.errors import ConfigError

SOURCE = """
[[source]]
slug = "sapa"
title = "Sa Pa"
home = "https://sapa.example.vn/"
"""
CATEGORY = """
  [[source.category]]
  slug = "tin-tuc"
  title = "Tin tức"
  url = "https://sapa.example.vn/tin-tuc"
"""


def load(folder: Path, text: str, environ: dict[str, str] | None = None) -> Config:
    """The configuration of a text, in a folder of its own."""
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return load_config(path, environ or {})


def mistakes(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """What is told of a text that is no configuration."""
    with pytest.raises(ConfigError) as raised:
        load(folder, text, environ)
    return [line.removeprefix(str(folder) + "/") for line in raised.value.mistakes]


def test_the_example_of_the_project_is_fine() -> None:
    """The config.toml that we ship is one that works."""
    config = load_config(Path(__file__).parents[2] / "config.toml", {})
    assert [f"{c.source}/{c.slug}" for c in config.categories()] == ["sapa/tin-tuc", "sapa/video"]
    assert config.categories()[1].every == timedelta(hours=6)
    assert config_warnings(config) == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_init_writes_is_fine(language: str, tmp_path: Path) -> None:
    """The file that a newcomer begins with has no mistake, nor has it when the example in it is taken in."""
    template = Path(__file__).parents[2] / "feedsvc" / "cli" / "templates" / f"config.{language}.toml"
    assert load_config(template, {}).sources() == ()
    text = template.read_text("utf-8")
    example = re.sub(r"^# (\[\[source\]\]|(?:slug|title|home) +=)", r"\1", text, count=4, flags=re.MULTILINE)
    (tmp_path / "config.toml").write_text(example, "utf-8")
    assert [source.home for source in load_config(tmp_path / "config.toml", {}).sources()] == [
        "https://www.example.org/"
    ]


def test_a_source_without_categories_has_its_home_page_as_one(tmp_path: Path) -> None:
    """A portal's address alone is enough."""
    (category,) = load(tmp_path, SOURCE).categories()
    assert (category.source, category.slug, category.url) == ("sapa", "trang-chu", "https://sapa.example.vn/")


def test_the_nearest_setting_wins(tmp_path: Path) -> None:
    """A category's own interval goes over its source's, which goes over [polling]."""
    text = '[polling]\nevery = "20m"\npages = 7\n' + SOURCE + 'every = "30m"\n' + CATEGORY + '  every = "1h"\n'
    text += CATEGORY.replace("tin-tuc", "video")
    first, second = load(tmp_path, text).categories()
    assert (first.every, second.every, first.pages) == (timedelta(hours=1), timedelta(minutes=30), 7)


def test_a_source_says_what_becomes_of_withdrawn_articles(tmp_path: Path) -> None:
    """They are kept unless the source wants a tombstone in their place."""
    assert load(tmp_path, SOURCE).sources()[0].on_removed == "keep"
    assert load(tmp_path, f'{SOURCE}on_removed = "tombstone"').sources()[0].on_removed == "tombstone"
    (line,) = mistakes(tmp_path, f'{SOURCE}on_removed = "delete"')
    assert "tombstone" in line


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    """One run names all mistakes: file, line, column, table, key, and what would be right."""
    text = (
        '[service]\ntimezon = "Asia/Ho_Chi_Minh"\nbase_url = "feeds.example"\n'
        '[polling]\nevery = "15 minuts"\n' + SOURCE + CATEGORY + '  evry = "5m"\n  kind = "newz"\n'
    )
    assert mistakes(tmp_path, text) == [
        'config.toml:2:1: [service]: unknown key "timezon"; did you mean "timezone"?',
        'config.toml:3:1: [service]: base_url = "feeds.example": right would be an address such as "https://sapa.laocai.gov.vn/"',
        'config.toml:5:1: [polling]: every = "15 minuts": right would be a number and a unit, such as "30s", "15m", "6h" or "1d"',
        'config.toml:16:3: [[source.category]] "tin-tuc": unknown key "evry"; did you mean "every"?',
        "config.toml:17:3: [[source.category]] \"tin-tuc\": kind = \"newz\": Input should be 'news', 'video', 'gallery' or 'documents' (news, video, gallery or documents)",
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("servce = 1\n", "1:1", 'unknown key "servce"; did you mean "service"?'),
        ("[service\ntitle = 1", "1:9", "not valid TOML"),
        ("[service]\ntitle = ", "2:9", "not valid TOML"),
        ('[service]\ntitle = "a"\ntitle = "b"\n', "3:12", "not valid TOML"),
        ("[web]\nport = 99999\n", "2:1", "port = 99999"),
        ('[web]\nport = "eighty"\n', "2:1", 'port = "eighty"'),
        ('[fetch]\nallow_private = ["127.0.0.1"]\n', "2:1", 'allow_private[0] = "127.0.0.1": right would be "host:port"'),
        ('[fetch]\nmax_bytes = "5 gigs"\n', "2:1", "right would be a number of bytes"),
        ('[fetch]\ntimeout = "0s"\n', "2:1", "timeout"),
        ('[service]\ntimezone = "Asia/Hanoi"\n', "2:1", "right would be the name of a time zone"),
        (SOURCE.replace('slug = "sapa"\n', ""), "2:1", 'missing key "slug"'),
        (SOURCE.replace('"sapa"', '"Sa Pa"'), "3:1", 'right would be 1 to 64 of a-z, 0-9 and "-"'),
        (SOURCE.replace("https", "ftp"), "5:1", "right would be an address"),
        (SOURCE + SOURCE, "8:1", "the slug is taken by [[source]]"),
        (SOURCE.replace('"sapa"', '"operator"'), "3:1", "reserved"),
        (SOURCE + CATEGORY + CATEGORY, "13:3", "the slug is taken"),
        (SOURCE + CATEGORY + '  every = "2s"\n', "11:3", "once a minute at most"),
        (SOURCE + CATEGORY.replace("https://sapa.example.vn/tin-tuc", "folder:"), "10:3", "right would be a folder"),
        (SOURCE + '[source.select]\nitm = "li"\n', "7:1", '[source.select] "sapa": unknown key "itm"; did you mean "item"?'),
        (SOURCE + '[[feed]]\nslug = "a"\ntitle = "A"\ninclude = ["sap"]\n', "9:1", 'did you mean "sapa"?'),
        (SOURCE + '[[feed]]\nslug = "a"\ntitle = "A"\ninclude = []\n', "9:1", "include = []"),
        (SOURCE + '[[feed]]\nslug = "sapa"\ntitle = "A"\ninclude = ["sapa"]\n', "7:1", "sources and feeds share"),
        ('[[relay]]\nname = "x"\nkind = "email"\npassword = { env = "NOT_THERE" }\n', "4:1", "the environment has no NOT_THERE"),
        ('[service]\ndatabase = { file = "none" }\n', "2:1", "the file none cannot be read"),
        ("[service]\nlanguage = ''\n", "2:1", "language"),
        ("[polling]\npages = 0\n", "2:1", "pages = 0"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_has_its_place_and_remedy(tmp_path: Path, text: str, place: str, words: str) -> None:
    """A mistake is told at its own line and column, in words that say what would be right."""
    told = mistakes(tmp_path, text)
    assert any(line.startswith(f"config.toml:{place}: ") and words in line for line in told), told


def test_feeds_that_moved_lead_to_feeds_that_are_there(tmp_path: Path) -> None:
    """A moved feed leads to one of these sources, categories or feeds; of a source still unread, to any category."""
    own = '[[feed]]\nslug = "le-hoi"\ntitle = "Lễ hội"\ninclude = ["sapa"]\n'
    unread = SOURCE.replace("sapa", "bac-ha")
    moved = '[web.moved]\ncu = "sapa"\n"cu/tin" = "sapa/tin-tuc"\nhoi = "le-hoi"\nmoi = "bac-ha/su-kien"\n'
    assert len(load(tmp_path, f"{moved}{SOURCE}{CATEGORY}{unread}{own}").web.moved) == 4
    told = mistakes(tmp_path, f'[web.moved]\ncu = "sapa/tin-tuk"\n{SOURCE}{CATEGORY}')
    assert told == [
        'config.toml:2:1: [web]: moved sends "cu" to "sapa/tin-tuk", which is no feed here; did you mean "sapa/tin-tuc"?'
    ]


def test_what_is_there_has_not_moved_nor_been_given_up(tmp_path: Path) -> None:
    """A feed of now is named neither in `moved` nor in `gone`, and no feed in both: one answer alone can be given."""
    web = '[web]\ngone = ["sapa/tin-tuc", "cu"]\n[web.moved]\nsapa = "sapa/tin-tuc"\ncu = "sapa"\n'
    assert mistakes(tmp_path, web + SOURCE + CATEGORY) == [
        'config.toml:2:1: [web]: gone names "cu" once more; a feed has moved or was given up, once',
        'config.toml:2:1: [web]: gone names "sapa/tin-tuc", which is a feed here; rename one of them',
        'config.toml:4:1: [web]: moved names "sapa", which is a feed here; rename one of them',
    ]
    assert len(mistakes(tmp_path, f"[web]\ngone = [[], {{}}, 1]\nmoved = 1\n{SOURCE}")) == 4


def test_places_are_right_in_odd_spellings(tmp_path: Path) -> None:
    """Dotted and quoted keys, long strings and long lists do not shift the places of what follows."""
    text = (
        '[service]\ntitle = """\n[polling]\nnot = "a key"\n"""\n'
        '[fetch]\nallow_private = [ # a "comment"\n  "127.0.0.1:1",\n]\n"per_host_dely" = "1s"\n'
        "[web]\n"
        "workers = 0 # too few\n"
    )
    assert [line.split(": ")[0] for line in mistakes(tmp_path, text)] == ["config.toml:10:1", "config.toml:12:1"]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """Without a configuration a newcomer is told of `feedsvc init`."""
    with pytest.raises(ConfigError, match="feedsvc init"):
        load_config(tmp_path / "config.toml", {})


def test_secrets_come_from_environment_or_file_and_are_never_shown(tmp_path: Path) -> None:
    """A secret's value is used and appears in no representation of the configuration."""
    (tmp_path / "db").write_text("postgresql://u:geheim@h/d\n", "utf-8")
    config = load(tmp_path, '[service]\ndatabase = { file = "db" }\n')
    assert config.database == "postgresql://u:geheim@h/d"
    assert "geheim" not in repr(config)
    config = load(tmp_path, '[service]\ndatabase = { env = "DB" }\n', {"DB": "sqlite:////srv/x.db"})
    assert config.database == "sqlite:////srv/x.db"


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    """FEEDSVC__TABLE__KEY is the last word, as a TOML value or as a plain string; its mistakes are told too."""
    environ = {"FEEDSVC__WEB__PORT": "9000", "FEEDSVC__SERVICE__TITLE": "Tin mới", "OTHER": "x"}
    config = load(tmp_path, "[web]\nport = 8080\n", environ)
    assert (config.web.port, config.service.title) == (9000, "Tin mới")
    assert "did you mean" in mistakes(tmp_path, "", {"FEEDSVC__WEB__PRT": "1"})[0]
    assert child_environ(config)["FEEDSVC__WEB__PORT"] == "9000"


def test_a_relative_database_stands_beside_the_configuration(tmp_path: Path) -> None:
    """Where the command is typed does not change which database is used."""
    assert load(tmp_path, "").database == f"sqlite:///{tmp_path}/feedsvc.db"


def test_links_begin_with_base_url_or_the_listening_address(tmp_path: Path) -> None:
    """Without a public address, links lead to where the service listens."""
    assert load(tmp_path, "").listening(None, 9000).base_url == "http://127.0.0.1:9000"
    assert load(tmp_path, '[service]\nbase_url = "https://tin.example.vn/x/"\n').base_url == "https://tin.example.vn/x"


def test_short_intervals_are_for_own_hosts_and_folders(tmp_path: Path) -> None:
    """A host named in allow_private, and a folder, may be looked at every second."""
    text = '[fetch]\nallow_private = ["127.0.0.1:8801"]\n' + SOURCE.replace(
        "https://sapa.example.vn/", "http://127.0.0.1:8801/"
    )
    text += 'every = "1s"\n' + CATEGORY.replace("https://sapa.example.vn/tin-tuc", "folder:inbox") + '  every = "1s"\n'
    config = load(tmp_path, text)
    assert config.categories()[0].every == timedelta(seconds=1)
    assert config.sources()[0].timezone == ZoneInfo("Asia/Ho_Chi_Minh")


def test_what_this_version_does_not_do_is_said(tmp_path: Path) -> None:
    """A key that has no effect yet is accepted, and noted."""
    text = SOURCE
    text += '[[relay]]\nname = "a"\nkind = "email"\nfeeds = ["sapa"]\n'
    assert len(config_warnings(load(tmp_path, text))) == 1


@pytest.mark.parametrize(
    ("url", "pair"),
    [
        ("http://A.example/x", "a.example:80"),
        ("https://a.example", "a.example:443"),
        ("http://[::1]:81/", "[::1]:81"),
        ("folder:x", ""),
        ("http://a:b/", ""),
    ],
)
def test_host_and_port_of_an_address(url: str, pair: str) -> None:
    """Pace and leases are kept for a host and its port; an address without a host has none."""
    assert host_port(url) == pair
