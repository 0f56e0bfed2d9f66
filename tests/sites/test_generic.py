"""The default family reads an ordinary portal."""

from __future__ import annotations

from datetime import UTC, datetime

from feedsvc.model import Page, Source
from feedsvc.sites import site

SOURCE = Source(slug="xa", title="Xã", home="https://example.org/")
NAMES = (
    "Khai mạc lớp học nghề dệt",
    "Bà con xuống đồng gặt lúa",
    "Mở lại đường lên bản cao",
    "Trạm y tế có bác sĩ mới",
)
ROWS = "".join(
    f'<li class="item"><h3><a href="/tin/bai-{index}.html">{name} trong tháng này</a></h3>'
    f"<span>0{index}/03/2026</span><p>Vài lời về việc {name.lower()}, kể lại cho bà con cùng biết.</p></li>"
    for index, name in enumerate(NAMES, start=1)
)
LIST = f"<html><body><main><ul class='news'>{ROWS}</ul></main></body></html>"
WORDS = "Sáng sớm, bà con đã có mặt đông đủ ở sân trụ sở để nghe cán bộ xã phổ biến cách làm và chia việc cho từng tổ."
ARTICLE = f"""<html><body><main><h1>{NAMES[0]} trong tháng này</h1><div class="content">
<p>{WORDS}</p><p>{WORDS} Buổi chiều mọi người chia nhau ra đồng.</p></div></main></body></html>"""


def page(url: str, text: str) -> Page:
    """Make the answer of a portal."""
    return Page(
        url=url, final_url=url, status=200, body=text.encode(), content_type="text/html; charset=utf-8",
        fetched_at=datetime(2026, 3, 5, 8, 0, tzinfo=UTC),
    )  # fmt: skip


def test_the_default_site_reads_a_list_and_its_article() -> None:
    """The site called "generic" gives the stubs of a listing, and the item behind one."""
    generic = site("generic")
    stubs = generic.listing(page("https://example.org/tin", LIST), SOURCE).stubs
    assert [stub.title for stub in stubs] == [f"{name} trong tháng này" for name in NAMES]
    item = generic.article(page(stubs[0].url, ARTICLE), stubs[0], SOURCE)
    assert item.title == stubs[0].title
    assert WORDS in item.text
