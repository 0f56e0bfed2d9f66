"""The generated portals themselves: what their truth says can be seen on their pages."""

import unicodedata
from html import unescape
from urllib.request import urlopen

import pytest
from portals.build import build
from portals.families import FAMILIES
from portals.layout import pasted_from_tcvn3
from portals.server import served

SCALE = 0.2


def words(body: bytes, content_type: str) -> str:
    """The page as a person's eyes have it: entities resolved twice, letters whole."""
    page = body.decode("cp1258" if b"charset=windows-1258" in body else "utf-8")
    return unicodedata.normalize("NFC", unescape(unescape(page)))


@pytest.mark.parametrize("layout", FAMILIES)
def test_a_seed_gives_the_same_portal_every_time(layout):
    """The same seed gives the same bytes; another gives another portal."""
    one, same, other = (build(layout, seed, scale=SCALE) for seed in (3, 3, 4))
    assert [section.lines for section in one.sections] == [section.lines for section in same.sections]
    assert [one.page(url).body for url in one.articles] == [same.page(url).body for url in same.articles]
    assert one.sections != other.sections


@pytest.mark.parametrize("layout", FAMILIES)
def test_what_the_truth_says_stands_on_the_page(layout):
    """Every address of the truth answers; every title, paragraph, caption and name of it can be read there."""
    portal = build(layout, 5, scale=SCALE)
    for section in portal.sections:
        first = portal.page(section.url)
        shown = words(first.body, first.content_type)
        assert first.status == 200
        assert section.name in shown
        titles = [line.title for line in section.pages[0].lines]
        assert all(title in shown or str(pasted_from_tcvn3(title)) in shown for title in titles)
    for article in portal.articles.values():
        page = portal.page(article.url)
        shown = words(page.body, page.content_type)
        assert page.status == 200
        said = (article.title, *article.paragraphs, *(caption for _, caption in article.pictures))
        for part in () if article.is_parted else said:
            assert part in shown or str(pasted_from_tcvn3(part)) in shown
        assert article.is_parted or all(name in shown for author in article.authors for name in author)


@pytest.mark.parametrize("layout", FAMILIES)
def test_every_portal_is_whole(layout):
    """News, films, albums and legal documents; lists of several pages; no headline twice."""
    portal = build(layout, 6, scale=SCALE)
    assert {section.kind for section in portal.sections} == {"news", "video", "gallery", "documents"}
    assert 4 <= len(portal.sections) <= 8
    assert sum(len(section.pages) > 1 for section in portal.sections) >= 5
    titles = [line.title for section in portal.sections for line in section.lines]
    assert len(titles) == len(set(titles))
    assert len({line.url for section in portal.sections for line in section.lines}) == len(titles)


def test_a_portal_answers_over_http():
    """Pages, pictures and what is missing are answered over a real connection."""
    with served(lambda home: build("wordpress", 1, home=home, scale=SCALE)) as (portal, asked):
        line = portal.sections[0].lines[0]
        with urlopen(line.url) as answer:
            assert line.title in unescape(answer.read().decode())
        article = next(one for one in portal.articles.values() if one.pictures)
        with urlopen(article.pictures[0][0]) as answer:
            assert answer.headers["Content-Type"] == "image/jpeg"
        assert len(asked) == 2
