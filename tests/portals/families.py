"""The portal families by name: how each spells its addresses and dates, and pages its lists."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import ClassVar
from urllib.parse import quote, unquote

from portals.layout import Layout, decomposed, pasted_from_tcvn3, windows_1258
from portals.newsroom import Desk, Newsroom, Story, slug


class Liferay(Layout):
    """Long queries in the pager, `/-/view_content/`, files behind `/documents/`, tabs with hidden lists."""

    name = "liferay"
    list_days = ("(d/m/Y)", "d/m/Y", "d/m/Y | H:M 'GMT'+7", "'Cập nhật:' d/m/Y H:M")
    article_days = (
        "W, d/m/Y, H:M ['GMT'+7]",
        "d/m/Y | H:M 'GMT'+7",
        "'Ngày xuất bản:' d-m-Y",
        "'Sa Lạnh, ngày' d 'tháng' m 'năm' Y",
    )
    captions = ("em", "figure", "table", "br")

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

    def boilerplate(self) -> tuple[str, ...]:
        return (
            *super().boilerplate(),
            "Nội dung bài viết được chia sẻ qua mạng xã hội không đại diện cho quan điểm của cổng",
            "Bạn cần đăng nhập để gửi ý kiến phản hồi về bài viết này",
        )


class SharePoint(Layout):
    """`.aspx?ItemID=` behind a padded list name, a form round the whole page, capitals and cut slugs, NFD text."""

    name = "sharepoint"
    list_days = ("(d/m/Y H:M)", "(d/m/Y)", "'Ngày' d/m/Y", "d-m-Y", "w, d/m/Y")
    signed = ("end", "top")
    article_days = ("N, 'Ngày' d/m/Y - H:M", "W, 'ngày' d/m/Y H:M", "d/m/Y, H:M", "d/m/Y | H:M 'GMT'+7")
    captions = ("div", "br", "table", "em")
    windows = (99, 3)

    def list_path(self, desk: Desk, number: int = 1) -> str:
        first = f"/noidung/{desk.kind}/Pages/danh-sach.aspx?l={_list_name(desk)}{'+' * 24}&lv={desk.number}"
        return first if number == 1 else f"{first}&page={number}"

    def story_path(self, desk: Desk, story: Story) -> str:
        if desk.number == 2:
            return f"/portal/pages/{story.published:%Y-%m-%d}/{_capitals(story)[:44]}-{story.number}.aspx"
        return (
            f"/noidung/{desk.kind}/Pages/chi-tiet.aspx?l={_list_name(desk)}{'+' * 24}"
            f"&lv={desk.number}&ItemID={story.number}"
        )

    def static_path(self, slug: str) -> str:
        return f"/noidung/gioithieu/Pages/{slug}.aspx"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/noidung/PublishingImages/{story.published:%Y-%m}/DSC_{story.number}{number:02}.jpg"

    def thumb_path(self, story: Story) -> str | None:
        return f"{self.picture_path(story, 0)}?RenditionID=5" if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"/noidung/video/Videos/{story.number}/phim.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/noidung/vanban/Lists/VanBan/Attachments/{story.number}/Van%20ban%20so%20{number + 1}_signed.pdf"

    def lead(self, story: Story) -> str:
        return f"(CTTĐT) - {story.lead}" if story.kind == "news" else story.lead

    def finish(self, markup: str) -> str:
        return decomposed(markup)


class DotNetNuke(Layout):
    """Vietnamese paths, encoded here and raw there, `/currentpage/2`, titles cut with dots, lazy pictures, old type pasted."""

    name = "dotnetnuke"
    list_days = ("d-n-Y", "d.m.Y", "d/m/Y I:M c", "H'h'M d/m/Y")
    signed = ("end", "top")
    article_days = ("'Đăng lúc' H'h'M d/m/Y", "H 'giờ' M 'phút, ngày' d/m/Y", "d/m/Y | I:M p", "d/m/Y I:M:00 p")
    captions = ("table", "div", "em", "br")
    windows = (99, 3)

    def list_path(self, desk: Desk, number: int = 1) -> str:
        first = f"/{_vietnamese(desk.name)}"
        return first if number == 1 else quote(f"{first}/currentpage/{number}")

    def story_path(self, desk: Desk, story: Story) -> str:
        return quote(f"/{_vietnamese(desk.name)}/chi-tiet/{story.number}/{_vietnamese(story.title)}")

    def finish(self, markup: str) -> str:
        for desk in self.room.desks:
            for story in desk.stories[::4] if desk.kind == "documents" else ():
                pasted = pasted_from_tcvn3(story.title)
                markup = markup.replace(story.title, pasted) if pasted else markup
        return markup

    def raw(self, path: str) -> str:
        """A path as some of the links have it: not encoded."""
        return unquote(path)

    def static_path(self, slug: str) -> str:
        return f"/{slug}/tabid/{len(slug)}/Default.aspx"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/Portals/0/NewsImages/{story.published:%Y/%m}/{story.number}_{number}.jpg"

    def thumb_path(self, story: Story) -> str | None:
        return f"/Portals/0/Thumbs/{story.number}_0.jpg" if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"/Portals/0/Video/{story.number}.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/Portals/0/VanBan/{story.published:%Y}/{story.number}_{number}.pdf"


class NukeViet(Layout):
    """`/page-2/`, pictures as backgrounds of empty links, slider clones, newer and older news, rating and print twins."""

    name = "nukeviet"
    list_days = ("d/m/Y H:M", "d/m/Y", "W - d/m/Y H:M")
    article_days = ("W - d/m/Y H:M", "'Đăng lúc: ' W - d/m/Y H:M")
    captions = ("figure", "table", "em")
    modules: ClassVar = {"news": "news", "video": "videos", "gallery": "album", "documents": "laws"}

    def list_path(self, desk: Desk, number: int = 1) -> str:
        first = f"/vi/{self.modules[desk.kind]}/{desk.slug}/"
        return first if number == 1 else f"{first}page-{number}/"

    def story_path(self, desk: Desk, story: Story) -> str:
        return f"/vi/{self.modules[desk.kind]}/{desk.slug}/{story.slug}-{story.number}.html"

    def static_path(self, slug: str) -> str:
        return f"/vi/about/{slug}.html"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/uploads/news/{story.published:%Y_%m}/{story.number}-{number + 1}.jpg"

    def film_path(self, story: Story) -> str:
        return f"https://www.youtube.com/watch?v={_code(story.number)}"

    def file_path(self, story: Story, number: int) -> str:
        return f"/vi/laws/getfile/{story.slug[:30].strip('-')}-{story.number}/{number + 1}/"

    def line(self, story: Story) -> str:
        return self.labelled(story)

    def code(self, story: Story) -> str:
        """YouTube's code of a story's film."""
        return _code(story.number)

    def boilerplate(self) -> tuple[str, ...]:
        return (
            *super().boilerplate(),
            "Hãy nhấn vào ngôi sao để chấm điểm cho bài viết mà bạn vừa đọc",
            "Mã bảo mật dùng để ngăn chặn thư rác, xin gõ lại đúng các ký tự trong hình",
        )


class WordPress(Layout):
    """`/page/2/`, figures with captions, `srcset` and lazy pictures, JSON-LD that names the site, a list without dates."""

    name = "wordpress"
    article_days = ("j 'Tháng' n, Y", "d/m/Y", "j 'Tháng' B, Y")
    captions = ("figure", "wp")

    def list_path(self, desk: Desk, number: int = 1) -> str:
        first = f"/category/{desk.slug}/" if desk.kind == "news" else f"/{desk.slug}/"
        return first if number == 1 else f"{first}page/{number}/"

    def story_path(self, desk: Desk, story: Story) -> str:
        if desk.kind != "news":
            return f"/{desk.slug}/{slug(story.title, 200)}/"
        return f"/{story.published:%Y/%m}/{slug(story.title, 200)}/"

    def further_path(self, desk: Desk, story: Story, number: int) -> str:
        return f"{self.story_path(desk, story)}{number}/"

    def parts(self, story: Story) -> int:
        return 2 if story.number % 6 == 0 and len(story.paragraphs) > 4 else 1

    def static_path(self, slug: str) -> str:
        return f"/{slug}/"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/wp-content/uploads/{story.published:%Y/%m}/IMG_{story.number}_{number + 1}-scaled.jpg"

    def thumb_path(self, story: Story) -> str | None:
        return self.picture_path(story, 0).replace("-scaled", "-768x512") if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"/wp-content/uploads/{story.published:%Y/%m}/phim-{story.number}.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/wp-content/uploads/{story.published:%Y/%m}/{story.slug[:30].strip('-')}-{number + 1}.pdf"

    def list_day(self, desk: Desk, moment: datetime) -> str:
        if desk.number == 2:
            return ""
        return f"{moment:%d/%m/%Y}" if desk.kind == "documents" else f"{moment.day:02} Th{moment.month} {moment.year}"

    def boilerplate(self) -> tuple[str, ...]:
        return (
            *super().boilerplate(),
            "Thư điện tử của bạn sẽ được giữ kín, các ô có dấu sao là bắt buộc",
            "Đăng ký nhận bản tin hằng tuần của chúng tôi qua thư điện tử",
        )


class Table(Layout):
    """Made by hand: nested tables without a class, `<base>`, blanks in links, double entities, old charsets, bare PDFs."""

    name = "table"
    list_days = ("(d/n/Y)", "(d/m/Y)", "d/m/Y", "[d-m-Y]")
    article_days = ("'Cập nhật lúc:' H:M | d/m/Y", "'Ngày đăng:' d/m/Y", "'Cập nhật:' d/m/Y H:M", "W, 'ngày' j/n/Y")

    def __init__(self, room: Newsroom, home: str, now: datetime, chance: Random) -> None:
        super().__init__(room, home, now, chance)
        self.charset = chance.choice(("utf-8", "windows-1258"))
        self.content_type = "text/html"

    def list_path(self, desk: Desk, number: int = 1) -> str:
        first = f"/web/index.php?act=list&cat={desk.number}"
        return first if number == 1 else f"{first}&p={number}"

    def story_path(self, desk: Desk, story: Story) -> str:
        if desk.kind == "documents":
            return self.file_path(story, 0)
        return f"/web/index.php?act=view&cat={desk.number}&id={story.number}"

    def static_path(self, slug: str) -> str:
        return f"/web/index.php?act=page&name={slug}"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/web/images/news/{story.number}{'abcdefghijklmnopqrs'[number]}.jpg"

    def thumb_path(self, story: Story) -> str | None:
        return f"/web/images/small/{story.number}.jpg" if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"/web/video/{story.number}.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/web/vanban/{story.number}_{number + 1}.pdf"

    def rows(self, story: Story) -> list[tuple[str, ...]]:
        doubled = story.kind == "news" and story.number % 3 == 0
        names = [(self.picture_path(story, number),) for number in range(len(story.captions))]
        return [(*names[0], self.picture_path(story, 11)), *names[1:]] if names and doubled else names

    def near(self, path: str) -> str:
        """A path as seen from `<base>`."""
        return path.removeprefix("/web/")

    def finish(self, markup: str) -> str:
        return markup.replace("í", "&amp;#237;")

    def encode(self, markup: str) -> bytes:
        return windows_1258(markup) if self.charset == "windows-1258" else markup.encode()


class Newspaper(Layout):
    """A paper: `-post123.html`, relative dates, kickers, films in `data-vid`, lazy originals, a story box in the body."""

    name = "newspaper"
    signed = ("end", "top")
    article_days = ("W, d/m/Y H:M ('GMT'+7)", "W, d/m/Y - H:M", "d/m/Y H:M")

    def list_path(self, desk: Desk, number: int = 1) -> str:
        return f"/{desk.slug}.htm" if number == 1 else f"/{desk.slug}/trang-{number}.htm"

    def story_path(self, desk: Desk, story: Story) -> str:
        folder = "" if desk.kind == "news" else f"/{desk.slug}"
        return f"{folder}/{story.slug}-post{story.number}.html"

    def static_path(self, slug: str) -> str:
        return f"/{slug}.htm"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/images/upload/{story.published:%Y/%m/%d}/{story.slug[:20].strip('-')}-{story.number}-{number}.jpg"

    def thumb_path(self, story: Story) -> str | None:
        return "/zoom/260_163" + self.picture_path(story, 0) if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"https://video.bao.example/{story.published:%Y/%m}/phim-{story.number}.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/files/upload/{story.published:%Y/%m}/{story.number}-{number}.pdf"

    def list_day(self, desk: Desk, moment: datetime) -> str:
        days = (self.now.date() - moment.date()).days
        if desk.kind == "documents" or days > 6:
            return f"{moment:%d/%m/%Y}"
        return f"Hôm qua, {moment:%H:%M}" if days == 1 else f"{days} ngày trước"

    def lead(self, story: Story) -> str:
        return f"(VL) - {story.lead}" if story.kind == "news" else story.lead


class WebForms(Layout):
    """Pages by `__doPostBack` with view state, rows that are clicked, a large first story, afternoon hours as PM."""

    name = "webforms"
    list_days = ("'Ngày đăng:' d-m-Y", "d/m/Y", "(d/m/Y I:M p)")
    article_days = ("d/m/Y | I:M p", "d/m/Y I:M c", "'Ngày đăng' d/m/Y | I:M p | 'View count:' 1719")
    captions = ("br", "em", "div")
    windows = (99, 3)
    _panel = "ctl00$ContentPlaceHolder1$ctl00"

    def list_path(self, desk: Desk, number: int = 1) -> str:
        return f"/{desk.number}/{_list_name(desk)}/Default.aspx"

    def target(self, desk: Desk, number: int) -> tuple[str, str]:
        """Target and argument of the link to list page `number`."""
        if desk.kind == "documents":
            return f"{self._panel}$gvVanBan", f"Page${number}"
        return f"{self._panel}$rptPager$ctl{number - 1:02}$lnkPage", ""

    def next_post(self, desk: Desk, number: int) -> tuple[str, str] | None:
        return self.target(desk, number)

    def view_state(self, desk: Desk, number: int) -> str:
        """What the server remembers of a page."""
        return base64.b64encode(f"{self.room.name}|{desk.number}|{number}".encode()).decode()

    def posted(self, path: str, fields: Sequence[tuple[str, str]]) -> tuple[Desk, int] | None:
        given = dict(fields)
        state = given.get("__VIEWSTATE", "")
        asked = given.get("__EVENTTARGET", ""), given.get("__EVENTARGUMENT", "")
        if given.get("__EVENTVALIDATION") != f"/wE{state}":
            return None
        for desk in self.room.desks:
            numbers = range(1, desk.pages + 1)
            if any(self.view_state(desk, number) == state for number in numbers):
                return next(((desk, number) for number in numbers if asked == self.target(desk, number)), None)
        return None

    def story_path(self, desk: Desk, story: Story) -> str:
        return f"/{desk.number + 10}/{story.number}/{_capitals(story)}.aspx"

    def static_path(self, slug: str) -> str:
        return f"/GioiThieu.aspx?muc={slug}"

    def picture_path(self, story: Story, number: int) -> str:
        return f"/Upload/TinTuc/{story.published:%Y}/{story.number}/Anh ({number + 1}).jpg"

    def thumb_path(self, story: Story) -> str | None:
        return f"/Thumbnail.ashx?id={story.number}&w=150" if self.has_picture(story) else None

    def film_path(self, story: Story) -> str:
        return f"/Upload/Video/{story.number}/phim.mp4"

    def file_path(self, story: Story, number: int) -> str:
        return f"/Download.aspx?id={story.number}&stt={number + 1}"


def _list_name(desk: Desk) -> str:
    return "".join(word.capitalize() for word in desk.slug.split("-"))


def _capitals(story: Story) -> str:
    return "-".join(word.capitalize() for word in story.slug.split("-"))


def _number_day(moment: datetime) -> str:
    return "Chủ nhật" if moment.weekday() == 6 else f"Thứ {moment.weekday() + 2}"


def _vietnamese(name: str) -> str:
    return "-".join(re.findall(r"\w+", name))


def _code(number: int) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789_-"
    return "".join(letters[number * (place * place + 31) % len(letters)] for place in range(11))


def _uuid(*parts: int) -> str:
    number = sum(part * 2654435761 * (place + 7) for place, part in enumerate(parts)) % 16**12
    mixed = f"{number:x}".rjust(12, "a")
    return f"{mixed[:8]}-{mixed[8:]}-4c1d-9e0f-{mixed}"


FAMILIES: dict[str, type[Layout]] = {
    family.name: family for family in (SharePoint, Liferay, DotNetNuke, NukeViet, WordPress, Table, Newspaper, WebForms)
}
