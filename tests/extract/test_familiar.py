"""The list found again by the articles that are known, when nothing else of the page is as it was (reading.md 7)."""

from datetime import UTC, datetime

import pytest

from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
KNOWN = [
    "Mở lớp dạy thêu thổ cẩm cho chị em thôn Ngòi Chồ",
    "Đội bóng chuyền nữ của xã giành giải nhì toàn huyện",
    "Sửa xong mái nhà văn hóa trước mùa mưa bão",
    "Trạm y tế khám mắt miễn phí cho người cao tuổi",
]
FRESH = [
    "Chợ phiên đầu tháng mở thêm khu bán giống cây trồng",
    "Học sinh nội trú trồng vườn rau sạch sau trường",
    "Tổ tự quản gắn biển tên cho mười hai ngõ xóm",
    "Khởi công cầu treo nối hai bờ suối Nậm Lúc",
    "Hội người cao tuổi tặng sách cho thư viện xã",
    "Ra mắt câu lạc bộ đàn tính của thanh niên bản",
]


def page(body):
    """A page with these blocks and no other help."""
    markup = f'<!DOCTYPE html><html lang="vi"><head><title>Thị xã</title></head><body>{body}</body></html>'
    return Page(
        url=f"{HOME}chuyen-muc/doi-song", final_url=f"{HOME}chuyen-muc/doi-song", status=200, body=markup.encode(),
        content_type="text/html; charset=utf-8", fetched_at=NOW,
    )  # fmt: skip


def read(body, **given):
    """What such a page lists."""
    return read_listing(page(body), Source(slug="thixa", title="Thị xã", home=HOME), **given)


def handsome(titles, caption="Chỉ đạo điều hành"):
    """A block that detection likes: dates, pictures, summaries."""
    rows = "".join(
        f'<div class="o"><img src="/anh/lon-{n}.jpg"><h3><a href="/dieu-hanh/van-ban-so-{n}-{n}4321">{title}</a></h3>'
        f"<span>{20 - n}/09/2022</span><p>Bà con trong bản cùng nhau làm, ai cũng góp một tay cho xong việc chung.</p></div>"
        for n, title in enumerate(titles)
    )
    return f'<div class="khung"><h2>{caption}</h2>{rows}</div>'


def bare(titles, *, folder="moi", name="cot"):
    """The list after its redesign: titles alone."""
    lines = "".join(
        f'<li><a href="/{folder}/{n}-doi-song-{n}778899">{title}</a></li>' for n, title in enumerate(titles)
    )
    return f'<div class="{name}"><ul>{lines}</ul></div>'


def folded_keys(titles, day="2022-09-11"):
    """The weak keys of articles with these titles."""
    return frozenset(f"title:{title.casefold()}|{day}" for title in titles)


def test_a_list_is_found_again_by_the_titles_of_its_articles():
    """New addresses, new markup, a handsomer block above: the block with three known titles is the list."""
    body = handsome(FRESH) + bare(["Tin mới nhất trong tuần này", *KNOWN[:3]])
    found = read(body, familiar=folded_keys(KNOWN))
    assert [stub.title for stub in found.stubs][1:] == KNOWN[:3]
    assert found.recognised == 3


def test_a_list_is_found_again_by_the_addresses_of_its_articles():
    """Addresses that are known decide like titles, whatever the titles have become."""
    keys = {f"url:thixa.vidu.gov.vn/moi/{n}-doi-song-{n}778899" for n in range(3)}
    found = read(handsome(FRESH) + bare(["Tiêu đề đã sửa lại lần nữa"] * 4), familiar=keys)
    assert [stub.url for stub in found.stubs] == [f"{HOME}moi/{n}-doi-song-{n}778899" for n in range(4)]
    assert found.recognised == 3


def test_titles_cut_by_dots_are_recognised():
    """A new design that cuts titles shows the same articles all the same."""
    cut = [" ".join(title.split()[:6]) + "..." for title in KNOWN]
    assert read(handsome(FRESH) + bare(cut), familiar=folded_keys(KNOWN)).recognised == 4


@pytest.mark.parametrize(
    ("others", "familiar"),
    [
        (KNOWN[:2] + FRESH[:2], folded_keys(KNOWN)),  # two alone
        (KNOWN[:3] + [f"Bài viết số {n} về đời sống bà con" for n in range(9)], folded_keys(KNOWN)),  # a quarter
        (KNOWN, frozenset()),
        (KNOWN, folded_keys(["Tin của một chuyên mục khác hẳn"])),
    ],
)
def test_without_enough_of_them_detection_decides_as_ever(others, familiar):
    """Fewer than three known articles, or fewer than 30 % of a block, do not make it the list."""
    body = handsome(FRESH) + bare(others)
    found = read(body, familiar=familiar)
    assert [stub.title for stub in found.stubs] == FRESH
    assert found.recognised == 0


@pytest.mark.parametrize("caption", ["Xem nhiều", "Tin khác"])
def test_a_side_block_of_known_articles_is_not_the_list(caption):
    """When all the list's articles are new, "most read" shows the known ones: it is no list for that."""
    body = bare(FRESH) + f"<h3>{caption}</h3>{bare(KNOWN, folder='cu', name='phu')}"
    assert [stub.title for stub in read(body, familiar=folded_keys(KNOWN)).stubs] == FRESH


def test_a_side_column_of_known_articles_is_not_the_list():
    """Nor is a column that is one by its name, while the page has a list in its middle."""
    body = handsome(FRESH) + bare(KNOWN, folder="cu", name="sidebar")
    assert [stub.title for stub in read(body, familiar=folded_keys(KNOWN)).stubs] == FRESH


def test_known_articles_make_a_list_of_what_has_the_name_of_chrome():
    """Where nothing else on the page is a list, known articles are believed against the names of classes."""
    body = bare([*KNOWN, "Một tin vừa đăng sáng nay ở xã"], name="sidebar")
    found = read(body, familiar=folded_keys(KNOWN))
    assert len(found.stubs) == 5
    assert found.recognised == 4


def test_a_list_in_its_old_place_counts_its_known_articles():
    """Without a redesign the shape leads to the list, and the known lines of it are counted."""
    body = bare(FRESH[:3] + KNOWN)
    shape = read(body).shape
    assert read(body, shape=shape, familiar=folded_keys(KNOWN)).recognised == 4


def test_another_block_in_the_old_place_does_not_pass_for_the_list():
    """Where a redesign puts another block at the list's place, the known articles lead to where the list is now."""
    shape = read(bare(KNOWN)).shape
    body = bare(FRESH[:4], folder="khac") + handsome(KNOWN, "Tin trong xã")
    found = read(body, shape=shape, familiar=folded_keys(KNOWN))
    assert [stub.title for stub in found.stubs] == KNOWN
    assert found.shape != shape
