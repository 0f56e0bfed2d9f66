"""The words beside a date that say what it is the date of: publication, change, something else.

Tables and patterns alone; `date_lines.py` and `dateline.py` decide with them. Vietnamese, English, German, French,
Spanish, Portuguese, Italian and Russian, as portals label.
"""

from __future__ import annotations

import re
from typing import Final

PUBLISHED: Final = re.compile(
    r"ngày (?:đăng|xuất bản|ban hành|phát hành|tạo|viết)|^ban hành\W*(?:ngày\W*)?\d|"
    r"đăng (?:ngày|lúc|bởi|tải|vào)|(?:được|đã) đăng|tạo ngày|xuất bản|"
    r"thời gian đăng|"
    r"publi(?:shed|cad[oa]|cación|é|cato|cat|cer(?:ad|et)|sert)|posted|created|veröffentlich|erstellt|geschrieben|"
    r"gepostet|eingestellt|erschienen|gepubliceerd|geplaatst|pubblicato|opublikowan|publikov|yayın|julkaistu|"
    r"di(?:terbitkan|publikasikan|posting)|опубл[иі]кован|发布|發布|發佈|発表|掲載|公開日|投稿日|입력|등록|প্রকাশ|"
    r"written on|first (?:posted|published)|stand:|datum:",
    re.IGNORECASE,
)
UPDATED: Final = re.compile(
    r"cập nhật|sửa lần cuối|updated|modified|last edited|aktualisiert|geändert|änderung|a[ck]tuali[sz]ad[oa]|"
    r"aggiornato|mis à jour|bijgewerkt|zaktualizowan|aktualizován|güncelle|diperbarui|uppdaterad|opdateret|oppdatert|"
    r"päivitetty|обновлен|оновлен|更新|수정|হালনাগাদ|আপডেট",
    re.IGNORECASE,
)
OTHER: Final = re.compile(
    r"thời gian (?:tổ chức|diễn ra|bắt đầu|kết thúc|thực hiện|nộp|nhận|làm việc|dự kiến)|bắt đầu|kết thúc|khai mạc|"
    r"bế mạc|khởi hành|hạn (?:nộp|cuối|chót)|hết hạn|hiệu lực|ngày (?:sinh|mất|họp|thi|tiếp)|sinh ngày|địa điểm|"
    r"deadline|expire|valid (?:until|from)|\bborn(?: on)?:?\s+\d|date of birth|event date|doors open|\beinlass\b|"
    r"\bbeginn\s*:|anmeldeschluss|"
    r"gültig|fecha límite|échéance|scadenza|"
    r"(?:quyết định|nghị quyết|nghị định|thông tư|công văn|kế hoạch|văn bản|chỉ thị|tờ trình|thông báo|luật|"
    r"hợp đồng|hướng dẫn|báo cáo) (?:này )?số",
    re.IGNORECASE,
)
"""Labels of dates that lie ahead or far back: of an event, a term, a law's force, a life, a document that is cited."""
PERIOD: Final = re.compile(
    r"(?<![\d./-])\d{1,2}(?:[./-]\d{1,2}(?:[./-]\d{2,4})?\s*(?:đến|tới|to|bis|until|al|au)|"
    r"[./]\d{1,2}(?:[./]\d{2,4})?\.?\s*[-–—])\s*(?:hết\s*)?(?:ngày\s*)?\d{1,2}[./-]\d{1,2}\b",
    re.IGNORECASE,
)
"""Two days, from one to the other: a week's plan, an exhibition, a term."""
MEETING: Final = re.compile(r"^\W*(?:thời gian|ngày giờ|when|wann|termin|cuándo|quand|quando)\s*:", re.IGNORECASE)
"""A label of meetings that a few portals use for publication too: it tells nothing by itself."""
BYLINE: Final = re.compile(
    r"^\W*(?:người đăng|đăng bởi|tác giả|author|by|von|autor|par|por|di|автор)\b[\s:]", re.IGNORECASE
)
STATE: Final = re.compile(
    r"\bstand\s*:|letzte änderung|zuletzt (?:geändert|aktualisiert)|(?:page )?last (?:modified|updated|reviewed)|"
    r"dernière (?:mise à jour|modification)|última (?:actualización|modificación)|ultima modifica",
    re.IGNORECASE,
)
"""What authorities print at the foot of each page about that page alone."""
POSTED: Final = re.compile(
    r"\b(?:this (?:entry|post|article) was (?:posted|published|written)|was posted|wurde (?:am|von)|"
    r"(?:bài viết|tin|bài) (?:này )?(?:được|đã) đăng|cet article a été publié|esta entrada fue publicada)\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells in words when an article was posted, and under what."""
LABEL_START: Final = 20
"""Where in a longer line a label begins at the latest; further on it is part of a sentence."""

IMPRINT: Final = re.compile(
    r"giấy phép|bản quyền|cơ quan chủ quản|chịu trách nhiệm|copyright|©|licen[cs]e|impressum", re.IGNORECASE
)
DATE_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:date|datum|pub-?date|pubdate|published|posted(?:-?on)?|post-?date|entry-?date|timestamp|time|"
    r"dateline|created|meta|post-?meta|footer|author|timedata|ngay\w*|thoi-?gian|data)(?:$|[\s_-])|publish|"
    r"postdate|entrydate",
    re.IGNORECASE,
)
"""Class and id words of what holds a date, an author, or both."""
DATE_OF_ARTICLE: Final = re.compile(
    r"publish|pubdate|post-?date|entry-?date|posted-?on|news-?date|article-?date|date-?(?:posted|time)|ngay-?dang|"
    r"postmeta",
    re.IGNORECASE,
)
"""Class and id words that name the day of publication wherever they stand."""
LIKE_DATE: Final = re.compile(
    r"\d{1,2}\W{1,3}\d{1,2}|\d{4}|\d\D{1,4}\w{3,}\W+\d\d|\d+ \w+ (?:trước|ago)|vor \d|hôm |vừa xong|gestern|yesterday",
    re.IGNORECASE,
)
HAS_YEAR: Final = re.compile(r"\d{4}|\d[/.-]\d{1,2}[/.-]\d\d|trước|ago|vor \d|hôm|vừa|gestern|yesterday", re.IGNORECASE)
HAS_DAY: Final = re.compile(r"\d{4}|\d[/.-]\d{1,2}[/.-]\d\d")
"""A date that is not told by its distance from now."""


def opens_with(label: re.Pattern[str], line: str, most: int = LABEL_START) -> bool:
    """Tell whether a label stands at the beginning of `line`, behind `most` characters at most."""
    found = label.search(line)
    return found is not None and found.start() <= most


def names_date(label: str) -> bool:
    """Tell whether a line without a number says whose date follows: "Ngày đăng", "Ngày bắt đầu"."""
    if _has_digit(label):
        return False
    return any(opens_with(kind, label) for kind in (PUBLISHED, UPDATED, OTHER))


def from_label(label: re.Pattern[str], line: str) -> str:
    """Give `line` from where the label stands, "" when it has none."""
    found = label.search(line)
    return line[found.start() :] if found else ""


def is_update(line: str) -> bool:
    """Tell whether the first label of `line` is one of a change, and no date stands before it."""
    found = UPDATED.search(line)
    return found is not None and not _has_digit(line[: found.start()]) and not PUBLISHED.search(line)


def is_other(line: str) -> bool:
    """Tell whether the first label of `line` is that of an event, a term or a law's force, or it tells a period."""
    if PERIOD.search(line):
        return True
    found = OTHER.search(line)
    if found is None or _has_digit(line[: found.start()]):
        return False
    return not (PUBLISHED.search(line[: found.start()]) or UPDATED.search(line[: found.start()]))


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
