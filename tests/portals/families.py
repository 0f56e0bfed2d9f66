"""The portal families by name: how each spells its addresses and dates, and pages its lists."""

from __future__ import annotations

from datetime import datetime

from portals.layout import Layout, weekday
from portals.newsroom import Desk, Story


class Liferay(Layout):
    """Long queries in the pager, `/-/view_content/`, files behind `/documents/`, tabs with hidden lists."""

    name = "liferay"

    def list_path(self, desk: Desk, number: int = 1) -> str:
        if number == 1:
            return f"/{desk.slug}"
        part = f"_101_INSTANCE_Kx{desk.number}pQ_"
        return (
            f"/{desk.slug}?p_p_id=101_INSTANCE_Kx{desk.number}pQ&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view"
            f"&p_p_col_id=column-2&p_p_col_count=1&{part}delta={desk.size}&{part}keywords=&{part}advancedSearch=false"
            f"&{part}andOperator=true&p_r_p_564233524_resetCur=false&{part}cur={number}"
        )

    def aliases(self, desk: Desk) -> tuple[str, ...]:
        return (self.list_path(desk, 2).removesuffix("2") + "1",)

    def story_path(self, desk: Desk, story: Story) -> str:
        return f"/{desk.slug}/-/view_content/{story.number}-{story.slug}"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/documents/10180/{story.number}/anh-{number + 1}.jpg/{_uuid(story.number, number)}?t=16{story.number}"

    def thumb_path(self, story: Story) -> str | None:
        if not self.has_picture(story):
            return None
        return f"/image/journal/article?img_id={story.number}7&t=16{story.number}"

    def file_path(self, story: Story, number: int) -> str:
        return f"/documents/10180/{story.number}/van-ban-{number + 1}.pdf/{_uuid(story.number, number + 50)}"

    def list_day(self, desk: Desk, moment: datetime) -> str:
        return f"({moment:%d/%m/%Y})" if desk.kind != "documents" else f"{moment:%d/%m/%Y}"

    def article_day(self, moment: datetime) -> str:
        return f"{weekday(moment)}, {moment:%d/%m/%Y, %H:%M} [GMT+7]"

    def boilerplate(self) -> tuple[str, ...]:
        return (
            *super().boilerplate(),
            "Nội dung bài viết được chia sẻ qua mạng xã hội không đại diện cho quan điểm của cổng",
            "Bạn cần đăng nhập để gửi ý kiến phản hồi về bài viết này",
        )


def _uuid(*parts: int) -> str:
    mixed = hex(sum(part * 2654435761 * (place + 7) for place, part in enumerate(parts)) % 16**12)[2:].rjust(12, "a")
    return f"{mixed[:8]}-{mixed[8:]}-4c1d-9e0f-{mixed}"


FAMILIES: dict[str, type[Layout]] = {family.name: family for family in (Liferay,)}
