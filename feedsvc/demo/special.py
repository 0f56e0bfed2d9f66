"""Four articles with one fault each, shown only when a switch asks for them."""

from __future__ import annotations

from dataclasses import replace

from feedsvc.demo.content import Article, parse_article

PICTURE_WITH_HTML = "anh-hong-1"

_FAULTY = """{title}
@ 2026-11-19 {time}
{lead}
!nhà: {caption}
Theo lãnh đạo phường Cầu Gỗ, việc rà soát được thực hiện công khai tại nhà văn hóa tổ dân phố, có sự tham gia của bà con và các tổ chức đoàn thể. Danh sách sau khi thống nhất được niêm yết bảy ngày để mọi người cùng theo dõi, góp ý.
Phường đề nghị các tổ dân phố tiếp tục nắm tình hình, kịp thời báo cáo những trường hợp phát sinh để được xem xét trong đợt tới.
~ Hà My (Trung tâm Văn hóa, Thể thao và Truyền thông thị xã)
"""  # noqa: E501 - a paragraph is a line


def special_articles(names: frozenset[str]) -> list[Article]:
    """The special articles among `names` (state.SPECIALS); their numbers and dates never change."""
    return [article for name, article in _all().items() if name in names]


def _all() -> dict[str, Article]:
    control = _article(
        "Phường Cầu Gỗ rà soát nhà ở xuống cấp trước mùa lạnh", "08:01", "Tổ dân phố số 4 kiểm tra mái nhà."
    )
    undated = _article(
        "Tổ dân phố số 2 góp sách cho tủ sách cộng đồng", "08:02", "Tủ sách đặt tại nhà văn hóa tổ dân phố."
    )
    untitled = _article("Tin không có tiêu đề", "08:03", "Quang cảnh buổi rà soát.")
    broken = _article("Ảnh hỏng", "08:04", "Bức ảnh này không bao giờ đến.")
    return {
        "control-character": replace(control, title=control.title.replace("xuống cấp", "xuống\x0bcấp\x08")),
        "no-date": replace(undated, dated=False),
        "no-title": replace(untitled, title=""),
        "picture-html": replace(broken, title="Phường Cầu Gỗ tặng áo ấm cho người cao tuổi đơn thân"),
    }


def _article(title: str, time: str, caption: str) -> Article:
    lead = (
        "Thực hiện kế hoạch chăm lo đời sống nhân dân những tháng cuối năm, phường Cầu Gỗ phân công cán bộ xuống từng "
        "tổ dân phố, cùng bà con rà soát và lập danh sách những việc cần làm ngay."
    )
    return parse_article("tin-tuc", _FAULTY.format(title=title, time=time, lead=lead, caption=caption))
