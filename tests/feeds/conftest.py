"""Feeds of a town that does not exist, one for each thing that a document can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from feedsvc.model import VIETNAM, Author, Category, Deletion, Feed, Item, MediaObject, Paging, Source

if TYPE_CHECKING:
    from collections.abc import Callable

PORTAL = "https://thungmay.example"
SERVICE = "https://feeds.example.org"
MORNING = datetime(2026, 9, 19, 8, 15, tzinfo=VIETNAM)

TOWN = Source(slug="thung-may", title="Cổng thông tin điện tử Thung Mây", home=f"{PORTAL}/")
DISTRICT = Source(slug="ban-la", title="Trang tin huyện Bản Lả", home="https://banla.example/")
CATEGORIES = (
    Category(source="thung-may", slug="tin-tuc", title="Tin tức", url=f"{PORTAL}/tin-tuc"),
    Category(source="thung-may", slug="van-ban", title="Văn bản", url=f"{PORTAL}/van-ban", kind="documents"),
    Category(source="thung-may", slug="video", title="Danh sách video", url=f"{PORTAL}/video", kind="video"),
    Category(source="ban-la", slug="tin-tuc", title="Tin huyện", url="https://banla.example/tin"),
)


def article(number: int, **changes: object) -> Item:
    """An ordinary article of the town, `number` hours before the morning of the newest one."""
    moment = MORNING - timedelta(hours=number)
    item = Item(
        id=f"tag:feeds.example.org,2026:thung-may/{number:020x}",
        number=100 - number,
        keys=(f"thungmay.example/tin-tuc/bai-{number}",),
        source="thung-may",
        url=f"{PORTAL}/tin-tuc/bai-{number}.html",
        title="Phiên chợ đầu tiên của mùa thu đông khách",
        summary="Từ tờ mờ sáng, bà con các bản đã gùi mật ong, măng khô và thổ cẩm xuống chợ thị trấn.",
        html="<p>Sương chưa tan, con đường xuống chợ đã rộn tiếng cười.</p>\n"
        "<p>Năm nay ban quản lý chợ &amp; tổ tự quản dành riêng một dãy cho rau sạch.</p>",
        text="Sương chưa tan, con đường xuống chợ đã rộn tiếng cười.\n"
        "Năm nay ban quản lý chợ & tổ tự quản dành riêng một dãy cho rau sạch.",
        authors=(Author(name="Lò Thị Mai", organisation="Trung tâm Văn hóa Thung Mây"),),
        published=moment,
        precision="minute",
        first_seen=moment + timedelta(minutes=7),
        shown=moment,
        updated=moment + timedelta(minutes=7),
        categories=("tin-tuc",),
    )
    return replace(item, **changes)


def picture(name: str, **changes: object) -> MediaObject:
    """A measured picture of the portal."""
    plain = MediaObject(
        url=f"{PORTAL}/anh/{name}.jpg", kind="image", mime="image/jpeg", length=48213, width=1200, height=800
    )
    return replace(plain, **changes)


def pdf(name: str, title: str, length: int | None) -> MediaObject:
    """A document of the portal."""
    return MediaObject(
        url=f"{PORTAL}/van-ban/{name}.pdf", kind="document", mime="application/pdf", length=length, title=title
    )


def _pictures() -> tuple[Item, ...]:
    media = (
        picture("cong-chao", caption="Cổng chào kết bằng hoa lau. Ảnh: Vàng A Sử", thumbnail=f"{PORTAL}/anh/nho/1.jpg"),
        picture("mua-xoe", caption="Vòng xòe nối dài quanh sân vận động.", length=None),
        picture("banh giầy", caption="Thi giã bánh giầy", width=None, height=None, mime=None),
        MediaObject(url=f"{PORTAL}/anh/logo.svg", kind="image", mime="image/svg+xml", length=900),
    )
    html = "".join(
        f'<figure><img src="{m.url}" alt=""><figcaption>{m.caption}</figcaption></figure>' for m in media[:2]
    )
    return (
        article(
            1,
            title="Khai hội hoa lau: “Mây về trên bản”",
            summary="Hơn hai nghìn lượt khách dự đêm khai hội.",
            html=html,
            media=media,
        ),
    )


def _films() -> tuple[Item, ...]:
    poster = f"{PORTAL}/video/nuoc-sach.jpg"
    mp4 = MediaObject(
        url=f"{PORTAL}/video/nuoc-sach.mp4", kind="video", mime="video/mp4", length=7340032, width=1280, height=720,
        duration=93.4, title="Nước sạch về bản", thumbnail=poster,
    )  # fmt: skip
    hls = MediaObject(
        url=f"{PORTAL}/video/nuoc-sach.m3u8", kind="video", mime="application/x-mpegURL", thumbnail=poster
    )
    lone = replace(mp4, url=f"{PORTAL}/video/lop-hoc.mp4", title="Lớp học xóa mù chữ", thumbnail=None, duration=61.0)
    return (
        article(1, title="Nước sạch về bản", categories=("video",), html="", media=(picture("nuoc-sach"), mp4, hls)),
        article(2, title="Lớp học xóa mù chữ buổi tối", categories=("video",), html="", summary="", media=(lone,)),
    )


def _youtube() -> tuple[Item, ...]:
    player = MediaObject(
        url="https://www.youtube.com/watch?v=abcdefghijk", kind="video", player="https://www.youtube.com/embed/abcdefghijk",
        title="Phóng sự: Giữ nghề dệt lanh", thumbnail="https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg", duration=240,
    )  # fmt: skip
    html = '<p><a href="https://www.youtube.com/watch?v=abcdefghijk">Xem phóng sự: Giữ nghề dệt lanh</a></p>'
    return (article(1, title="Giữ nghề dệt lanh", html=html, media=(player,)),)


def _documents() -> tuple[Item, ...]:
    media = (
        pdf("12-qd", "Quyết định số 12/QĐ-UBND", 183500),
        pdf("12-pl1", "Phụ lục I: Danh mục tuyến đường", 51200),
        pdf("12-pl2", "Phụ lục II: Bản đồ", None),
    )
    title = "Quyết định đặt tên đường trên địa bàn thị trấn"
    nobody = (Author(name="", organisation="Ủy ban nhân dân thị trấn Thung Mây"),)
    return (article(1, title=title, categories=("van-ban", "tin-tuc"), authors=nobody, media=media),)


def _undated() -> tuple[Item, ...]:
    day = datetime(2026, 9, 18, tzinfo=VIETNAM)
    return (
        article(1, published=None, precision=None, title="Thông báo lịch cắt điện"),
        article(2, published=day, precision="day", shown=day + timedelta(seconds=1), title="Lịch tiêm phòng cho trẻ"),
        article(3, published=day, precision="day", shown=day, title="", authors=(), summary="", html=""),
    )


def _corrected() -> tuple[Item, ...]:
    late = MORNING + timedelta(hours=5, seconds=11, microseconds=250)
    return (article(1, title="Đính chính: Thời gian mở cửa bảo tàng", revision=3, updated=late), article(2))


def _hostile() -> tuple[Item, ...]:
    return (
        article(
            1,
            title="Chuông\x07 reo\x00 \ud800và\ufffe <script>alert(1)</script>&lt;img src=x onerror=alert(2)&gt;\u202egnơưd",
            summary="Giá < 50 nghìn & > 20 nghìn\x0b\x85 ]]> &amp;lt;b&amp;gt;đậm",
            html="<p>Trước\x00 sau\x1f ]]&gt; \udfff😀</p>",
            authors=(Author(name="Nguyễn\x08 <b>Văn</b>\r\nA", organisation="\uffff"),),
            media=(picture("a", caption="Chú\x00 thích <i>nghiêng</i>"), picture("b", url="javascript:alert(3)")),
            categories=("tin-tuc", "\x00"),
            language="vi\x00",
        ),
        article(
            2, title="\x00\x01", summary="Bài không có tiêu đề vẫn đến tay người đọc.", url="ftp://thungmay.example/x"
        ),
        article(
            3, title="e\u0302\u0301 tổ hợp: Tie\u0302\u0301ng Vie\u0323\u0302t", url=f"{PORTAL}/tin/bản đồ?q=a b%zz"
        ),
    )


def _merged() -> tuple[Item, ...]:
    neighbour = article(
        2,
        id="tag:feeds.example.org,2026:ban-la/00000000000000000002",
        source="ban-la",
        url="https://banla.example/tin/cau-treo",
        title="Khánh thành cầu treo Bản Lả",
        authors=(),
        language="en",
    )
    return (article(1, related=("https://banla.example/tin/cho-phien-thung-may",)), neighbour)


def _episodes() -> tuple[Item, ...]:
    """Films alone: one with a player of the portal's own, one that only an HLS player plays, one elsewhere."""
    mp4, hls, elsewhere = (item.media for item in (*_films(), *_youtube()))
    stream = MediaObject(url=f"{PORTAL}/video/le-hoi.m3u8", kind="video", mime="application/vnd.apple.mpegurl")
    return (
        article(1, title="Nước sạch về bản", categories=("video",), html="", media=mp4[1:]),
        article(2, title="Lớp học xóa mù chữ buổi tối", categories=("video",), html="", authors=(), media=hls),
        article(3, title="Toàn cảnh lễ hội hoa lau", categories=("video",), html="", media=(stream,)),
        article(4, title="Giữ nghề dệt lanh", categories=("video",), html="", text="", summary="", media=elsewhere),
    )


def _places() -> tuple[Item, ...]:
    return (
        article(1, title="Mở đường lên đỉnh đèo", point=(22.3364, 103.84371234)),
        article(2, title="Đoàn công tác thăm Nam Cực", point=(-90.0, -0.0)),
        article(3, title="Không rõ ở đâu", point=(91.0, 10.0)),
    )


CASES = {
    "plain": (article(1), article(2, title="Thị trấn trồng thêm ba nghìn cây sa mu")),
    "pictures": _pictures(),
    "film": _films(),
    "youtube": _youtube(),
    "documents": _documents(),
    "undated": _undated(),
    "corrected": _corrected(),
    "hostile": _hostile(),
    "merged": _merged(),
    "withdrawn": (article(1), article(4, title="Thị trấn trồng thêm ba nghìn cây sa mu")),
    "page": (article(51), article(52)),
    "archive": (article(99), article(100, title="Bài đầu tiên của trang tin")),
    "podcast": _episodes(),
    "places": _places(),
}
"""The items of each golden feed."""


def _withdrawn(_: str) -> dict[str, object]:
    return {
        "deleted": tuple(Deletion(id=article(gone).id, when=MORNING + timedelta(hours=gone)) for gone in (3, 2)),
        "updated": MORNING + timedelta(hours=3),
    }


def _page(kind: str) -> dict[str, object]:
    address = f"{SERVICE}/feeds/thung-may.{kind}"
    paging = Paging(next=f"{address}?page=3", previous=address, prev_archive=f"{address}?before=51")
    return {
        "self_url": f"{address}?page=2",
        "page_url": f"{SERVICE}/feeds/thung-may?page=2",
        "paging": paging,
        "hub": f"{SERVICE}/hub",
        "image": f"{SERVICE}/media/3f9a.png",
    }


def _archive(kind: str) -> dict[str, object]:
    address = f"{SERVICE}/feeds/thung-may.{kind}"
    paging = Paging(
        prev_archive=f"{address}?before=51", next_archive=f"{address}?before=151", current=address, archive=True
    )
    return {"self_url": f"{address}?before=101", "paging": paging}


def _podcast(_: str) -> dict[str, object]:
    return {"categories": (CATEGORIES[2],), "image": f"{PORTAL}/anh/bia.jpg"}


CHANGES: dict[str, Callable[[str], dict[str, object]]] = {
    "withdrawn": _withdrawn,
    "page": _page,
    "archive": _archive,
    "podcast": _podcast,
}
"""What else is special about the feeds themselves, by the format."""


def document(items: tuple[Item, ...], kind: str) -> Feed:
    """The feed of these items at its address for `kind`: one source's, or one across sources."""
    merged = any(item.source != TOWN.slug for item in items)
    slug = "vung-cao" if merged else TOWN.slug
    return Feed(
        id=f"tag:feeds.example.org,2026:feeds/{slug}",
        slug=slug,
        title="Tin vùng cao" if merged else TOWN.title,
        home=f"{SERVICE}/feeds/{slug}" if merged else TOWN.home,
        self_url=f"{SERVICE}/feeds/{slug}.{kind}",
        page_url=f"{SERVICE}/feeds/{slug}",
        description="Tin mới từ thị trấn và các bản lân cận.",
        language="vi",
        timezone=VIETNAM,
        updated=max((item.updated for item in items), default=MORNING),
        items=items,
        sources=(TOWN, DISTRICT) if merged else (TOWN,),
        categories=CATEGORIES,
    )


@pytest.fixture(scope="session")
def feed_of() -> Callable[[tuple[Item, ...], str], Feed]:
    """Items and a format make the feed that holds them."""
    return document


def golden(name: str, kind: str) -> Feed:
    """A golden feed at its address for `kind`."""
    return replace(document(CASES[name], kind), **CHANGES.get(name, lambda _: {})(kind))


@pytest.fixture(scope="session")
def golden_of() -> Callable[[str, str], Feed]:
    """The name of a golden feed and a format make that feed."""
    return golden


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """The name of each golden feed in turn."""
    return request.param


@pytest.fixture(scope="session")
def cases() -> dict[str, tuple[Item, ...]]:
    """The items of each golden feed by its name."""
    return CASES


@pytest.fixture(scope="session")
def make_article() -> Callable[..., Item]:
    """Articles by number, with changed fields."""
    return article


@pytest.fixture(scope="session")
def make_picture() -> Callable[..., MediaObject]:
    """Pictures by name, with changed fields."""
    return picture


@pytest.fixture(params=["rss", "atom", "json"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each format in turn."""
    return request.param
