"""The operator's feed: what a person who runs the service should know, an entry each time it is told. Pure.

It is a feed like any other for a reader, and no feed of news: no channel holds it, and no error is ever an item of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from feedsvc.model import Alarm, Feed, Item

SLUG = "operator"
"""The name that no source or feed may have (config.RESERVED)."""

TITLES = {"vi": "Cảnh báo của {title}", "en": "Alarms of {title}"}
ABOUT = {
    "vi": "Chuyên mục nào hỏng, đáng ngờ hay im lặng quá lâu: báo một lần, nhắc mỗi ngày, và báo khi đã hết.",
    "en": "Which categories are broken, suspicious or silent for too long: told once, then daily, and when it is over.",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "failing": "{name}: không đọc được",
        "suspicious": "{name}: câu trả lời đáng ngờ",
        "late": "{name}: im lặng quá lâu",
        "": "{name}: có sự cố",
        "reminder": "Vẫn còn (nhắc lần {number}): {told}",
        "ended": "Đã hết: {told}",
        "since": "Từ {moment}.",
    },
    "en": {
        "failing": "{name}: cannot be read",
        "suspicious": "{name}: an answer that is not believed",
        "late": "{name}: silent for too long",
        "": "{name}: something is wrong",
        "reminder": "Still (reminder {number}): {told}",
        "ended": "Over: {told}",
        "since": "Since {moment}.",
    },
}


def operator_feed(
    told: Iterable[Alarm],
    *,
    id: str,  # noqa: A002 - the word of the field
    title: str,
    self_url: str,
    page_url: str,
    language: str,
    timezone: ZoneInfo,
    began: datetime,
    contact: str = "",
) -> Feed:
    """The feed of these alarms, newest first. `page_url` is the status page; `began` dates a feed without entries."""
    lang = language.partition("-")[0].lower() if language.partition("-")[0].lower() in WORDS else "en"
    entries = [entry for alarm in told for entry in _entries(alarm, lang, page_url, timezone)]
    items = tuple(sorted(entries, key=lambda item: (item.shown, item.id), reverse=True))
    return Feed(
        id=id,
        slug=SLUG,
        title=TITLES[lang].format(title=title),
        home=page_url,
        self_url=self_url,
        page_url=page_url,
        description=ABOUT[lang],
        language=lang,
        timezone=timezone,
        updated=max((item.updated for item in items), default=began),
        items=items,
        contact=contact,
    )


def name_of(alarm: Alarm) -> str:
    """What an alarm is about: a category, the search for those of a source, or the service itself."""
    return "/".join(part for part in (alarm.source, alarm.category) if part) or "feedsvc"


def _entries(alarm: Alarm, lang: str, page: str, zone: ZoneInfo) -> Iterator[Item]:
    """An entry for its beginning, its last reminder and its end: each has an id of its own, and never changes."""
    words = WORDS[lang]
    title = words.get(alarm.code, words[""]).format(name=name_of(alarm))
    moments = [("", title, alarm.began)]
    if alarm.reminders:
        moments.append(
            (f"/reminder-{alarm.reminders}", words["reminder"].format(number=alarm.reminders, told=title), alarm.told)
        )
    if alarm.ended is not None:
        moments.append(("/ended", words["ended"].format(told=title), alarm.ended))
    since = words["since"].format(moment=f"{alarm.began.astimezone(zone):%d/%m/%Y %H:%M}")
    for suffix, told, at in moments:
        text = alarm.detail if not suffix else f"{since} {alarm.detail}"
        about = f"<p>{escape(text)}</p>" + (f"<p>{escape(alarm.url)}</p>" if alarm.url else "")
        yield Item(
            id=f"{alarm.id}{suffix}",
            keys=(f"url:{alarm.id}{suffix}",),
            source=alarm.source or "feedsvc",
            url=page,
            title=told,
            summary=text,
            html=about,
            text=text,
            first_seen=at,
            shown=at,
            updated=at,
            language=lang,
        )
