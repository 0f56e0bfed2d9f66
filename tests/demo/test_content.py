"""The portal's own texts: enough of them, long enough, dated, signed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.demo.content import CATEGORIES, ZONE, load_content, parse_article, slug
from feedsvc.demo.reserve import RESERVE_SIZE, reserve_article

CONTENT = load_content()
LATEST = datetime(2026, 11, 20, tzinfo=ZONE)
BYLINE = re.compile(
    r"(?:(?:Tin, ảnh|Bài, ảnh|Tác giả|Thực hiện): |Theo )?"
    r"(?:[A-ZĐ](?:\.[A-ZĐ])+|[A-ZĐ]\w+(?: [A-ZĐ]\w*){1,3}(?: - [A-ZĐ]\w+(?: [A-ZĐ]\w*){1,3})?)"
    r"(?: \([^()]+\))?"
)


def test_every_category_goes_over_three_pages():
    """At least 22 articles in each category, 60 in all."""
    counts = Counter(article.category for article in CONTENT.articles)
    assert set(counts) == {category.slug for category in CATEGORIES}
    assert min(counts.values()) >= 22
    assert counts.total() >= 60


@pytest.mark.parametrize("article", CONTENT.articles, ids=lambda article: article.slug[:30])
def test_every_article_is_a_whole_one(article):
    """150 to 600 words, a lead, paragraphs, one to three captioned pictures, and a byline with a name."""
    assert 150 <= article.words <= 600
    assert len(article.lead) >= 60
    assert 1 <= len(article.pictures) <= 3
    assert all(picture.caption.endswith(".") and len(picture.caption) <= 200 for picture in article.pictures)
    assert BYLINE.fullmatch(article.byline), article.byline
    assert len(article.byline) <= 80


def test_no_paragraph_is_used_twice():
    """The articles are different texts, not one text with other names."""
    blocks = [
        block for article in CONTENT.articles for block in (article.lead, *article.body) if isinstance(block, str)
    ]
    assert max(Counter(blocks).values()) == 1


def test_nothing_is_dated_in_the_future():
    """All dates lie between 1 September and 20 November 2026, and no two articles share number or address."""
    moments = [item.published for item in (*CONTENT.articles, *CONTENT.videos, *CONTENT.albums)]
    moments += [document.issued for document in CONTENT.documents]
    assert all(datetime(2026, 9, 1, tzinfo=ZONE) <= moment < LATEST for moment in moments)
    items = (*CONTENT.articles, *CONTENT.videos, *CONTENT.albums, *CONTENT.documents)
    assert len({item.number for item in items}) == len(items)
    assert len({article.slug for article in CONTENT.articles}) == len(CONTENT.articles)


@pytest.mark.parametrize("article", CONTENT.articles, ids=lambda article: article.slug[:30])
def test_a_lead_names_no_day_after_its_publication(article):
    """An event day that opens a lead is the day of publication or one of the three days before."""
    found = re.match(r"(?:\(MS\) - )?(?:Sáng|Chiều|Tối|Ngày) (\d{1,2})/(\d{1,2}),", article.lead)
    if found:
        event = datetime(2026, int(found[2]), int(found[1]), tzinfo=ZONE).date()
        assert timedelta(0) <= article.published.date() - event <= timedelta(days=3)


def test_there_are_films_albums_and_documents():
    """At least 12 videos, 12 albums of 4 to 8 pictures, 16 documents."""
    assert len(CONTENT.videos) >= 12
    assert len(CONTENT.albums) >= 12
    assert all(4 <= len(album.pictures) <= 8 for album in CONTENT.albums)
    assert len(CONTENT.documents) >= 16


def test_the_reserve_never_repeats_a_title():
    """Every article of the reserve has its own title, number and picture, and names nobody's placeholder."""
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    reserve = [reserve_article(index, "tin-tuc", at) for index in range(RESERVE_SIZE)]
    assert len(reserve) >= 60
    for key in (lambda one: one.title, lambda one: one.number, lambda one: one.pictures[0].key):
        assert len({key(article) for article in reserve}) == RESERVE_SIZE
    assert all("{" not in f"{article.title}{article.lead}{article.body}" for article in reserve)
    assert all(BYLINE.fullmatch(article.byline) and article.words >= 60 for article in reserve)


def test_slugs_have_no_marks():
    """Addresses carry the title's letters without marks, "đ" as "d"."""
    assert slug("Đường lên “bản” Mường Sương: 12 km!") == "duong-len-ban-muong-suong-12-km"


def test_an_unfinished_record_is_refused():
    """A record without byline or day is a mistake that names its title."""
    with pytest.raises(ValueError, match="Không chữ ký"):
        parse_article("tin-tuc", "Không chữ ký\n@ 2026-11-01 10:00\nĐoạn mở đầu.\n")
