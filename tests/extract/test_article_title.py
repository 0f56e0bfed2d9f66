import pytest

from feedsvc.extract.structured import Structured
from feedsvc.extract.title import read_title

WANTED = "Dọn đường vào bản đón khách"
ADDRESS = "https://suoithong.example/tin-tuc/bai-1"


def title(whole, *, heads=(), listing="", **structured):
    """Give the headline of a page whose title element says `whole`."""
    return read_title(heads, listing, Structured(**structured), whole, site="Cổng Suối Thông", address=ADDRESS)


@pytest.mark.parametrize(
    "whole",
    [
        "Dọn đường vào bản đón khách - Cổng thông tin điện tử Suối Thông",
        "Dọn đường vào bản đón khách | Cổng Suối Thông",
        "Dọn đường vào bản đón khách – UBND xã Suối Thông",
        "Dọn đường vào bản đón khách|Suối Thông",
        "Dọn đường vào bản đón khách - SuoiThong",
        "Dọn đường vào bản đón khách | Tin tức | Cổng Suối Thông",
        "Dọn đường vào bản đón khách - Tin tức - Trang chủ",
        "Dọn đường vào bản đón khách | Báo Suối Thông điện tử | Báo Suối Thông",
        "Cổng thông tin điện tử Suối Thông - Dọn đường vào bản đón khách",
        "Suối Thông | Dọn đường vào bản đón khách",
        "Tin tức >> Dọn đường vào bản đón khách",
        "Chi tiết tin - Dọn đường vào bản đón khách - Cổng Suối Thông",
    ],
)
def test_the_names_around_a_headline_are_no_part_of_it(whole):
    """With the title element alone, or repeated by og:title, the site's and the section's names are cut."""
    assert title(whole) == WANTED
    assert title(whole, titles=(whole,)) == WANTED


@pytest.mark.parametrize(
    "whole",
    [
        "Dọn đường vào bản - việc của mọi nhà",
        "Giá nông sản hôm nay 5-9",
        "Lễ hội mùa thu: điều cần biết",
        "Xã Suối Thông ra quân dọn đường",
        "Thị xã bên suối đón khách",
    ],
)
def test_a_headline_with_a_dash_of_its_own_stays_whole(whole):
    """What a headline says behind a dash in small letters, a colon or a date is its own; a site's name behind it is not."""
    assert title(whole) == whole
    assert title(f"{whole} - Cổng Suối Thông") == whole


def test_headings_and_lists_outweigh_a_title_that_was_cut_too_short():
    """A headline with a name behind a dash is whole where a heading or the listing shows it whole."""
    whole = "Chuyện ở bản - Người giữ rừng Suối Thông"
    assert title(f"{whole} - Cổng Suối Thông", heads=[whole]) == whole
    assert title(f"{whole} | Suối Thông", listing=whole) == whole


@pytest.mark.parametrize("name", ["Cổng Suối Thông", "CỔNG SUỐI THÔNG"])
def test_the_sites_name_is_no_headline(name):
    """A heading that is the source's name, or the site's own, loses to anything else that is offered."""
    assert title(f"{WANTED} - {name}", heads=[name]) == WANTED
    assert title(WANTED, heads=["Trang tin khu du lịch"], site="Trang tin khu du lịch") == WANTED


@pytest.mark.parametrize(
    ("whole", "heads", "listing"),
    [
        ("Chi tiết tin", ["Trang tin quê suối", WANTED], ""),
        ("Tin tức - Sự kiện", [WANTED], ""),
        ("Cổng thông tin điện tử xã nhà", ["Cổng thông tin điện tử xã nhà", WANTED], ""),
        ("Trang chủ", ["Suối Thông quê tôi", WANTED], "Dọn đường vào bản..."),
    ],
)
def test_names_of_sections_and_sites_are_headlines_of_nothing(whole, heads, listing):
    """Where the title element names a section or the site alone, the heading that names neither is the headline."""
    assert title(whole, heads=heads, listing=listing) == WANTED


def test_a_headline_that_begins_like_a_portals_name_is_one_when_the_page_says_so():
    """A story about a portal or a paper keeps its headline where the listing, or the title, tells it too."""
    whole = "Trang tin của xã ra mắt bạn đọc"
    assert title(whole, heads=[whole, "Họp thôn về nước sạch"]) == whole
    assert title("Cổng Suối Thông", heads=["Họp thôn về nước sạch", whole], listing=whole) == whole
