"""What a page shows in the place of its list: a login, a question for people, a notice of works, or garbled words.

A box to log in stands beside many a list, and an article may be called "Bảo trì tuyến đường": so these signs count only
where no list is found, or one of which nothing is known (safety.md 7). Garbled words always count.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

LOGIN: Final = "it looks like a login form"
CAPTCHA: Final = "it looks like a page that asks whether a person is there (captcha)"
MAINTENANCE: Final = "it looks like a notice of maintenance"
GARBLED: Final = "more than 1 % of its letters are lost (U+FFFD): its encoding is not what it says"

_FEW_LINKS = 12  # a portal's head may hold a login box too; a login page has few links
_BAD_SHARE = 0.01
_FEWEST = 300  # characters from which on a share means something
_SPEAKING = 4000  # characters of a page that are read for words
_PASSWORD = etree.XPath("boolean(//input[@type='password'])")
_HEADS = etree.XPath("//title | //h1")
_TEXTS = etree.XPath("//text()[not(parent::script or parent::style)]", smart_strings=False)
_WITHIN_FORM = "[ancestor-or-self::form]"  # "//form//@name" walks forms within forms anew for each: quadratic
_NAMES = etree.XPath(
    f"//*[@name]{_WITHIN_FORM}/@name | //*[@class]{_WITHIN_FORM}/@class | //*[@id]{_WITHIN_FORM}/@id"
    " | //div/@class | //iframe/@src | //script/@src"
)
_CAPTCHA_NAMES = re.compile(r"captcha|turnstile|challenge-platform|cf-chl|arkose|datadome", re.IGNORECASE)
_CAPTCHA_WORDS = re.compile(
    r"captcha|(?:không phải (?:là )?|are (?:not a|you a?) ?)(?:người máy|robot|rô-?bốt|human|máy)|verify (?:that )?you"
    r"|mã xác nhận|checking (?:your browser|if the site)|just a moment|truy cập bất thường|unusual traffic"
    r"|enable javascript and cookies",
    re.IGNORECASE,
)
_LOGIN_WORDS = re.compile(r"\b(?:đăng nhập|log ?in|sign ?in|authentication required|xác thực)\b", re.IGNORECASE)
_MAINTENANCE_WORDS = re.compile(
    r"\b(?:đang (?:được )?(?:bảo trì|nâng cấp|tạm dừng)|bảo trì (?:hệ thống|máy chủ|website|trang)|nâng cấp hệ thống"
    r"|tạm (?:ngừng|dừng) (?:hoạt động|phục vụ|dịch vụ)|(?:under|scheduled|site|down for) maintenance|quay lại sau"
    r"|maintenance mode|temporarily (?:unavailable|down|offline)|we(?:'|’)ll be (?:right )?back)\b",
    re.IGNORECASE,
)


def sign_of(root: Any, links: int) -> str:
    """Say what a parsed page shows that no list does, in words; "" where it shows nothing of the kind.

    `links` is the number of links on the page: what stands in the place of a list has few. A page that asks for a
    password right in its headline is a login however many there are.
    """
    words = _TEXTS(root)
    if is_garbled(words):
        return GARBLED
    heads = _plain(" ".join("".join(one.itertext()) for one in _HEADS(root)))
    if _PASSWORD(root) and (links < _FEW_LINKS or _LOGIN_WORDS.search(heads)):
        return LOGIN
    if links >= _FEW_LINKS:
        return MAINTENANCE if _MAINTENANCE_WORDS.search(heads) else ""
    text = _plain(" ".join(words)[:_SPEAKING])
    if _CAPTCHA_WORDS.search(text) or any(_CAPTCHA_NAMES.search(name) for name in _NAMES(root)):
        return CAPTCHA
    if _MAINTENANCE_WORDS.search(text):
        return MAINTENANCE
    return LOGIN if _LOGIN_WORDS.search(heads) else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def is_garbled(texts: Iterable[str]) -> bool:
    """Tell whether more than one letter of a hundred is the sign for what could not be decoded."""
    length = lost = 0
    for text in texts:
        length += len(text.strip())
        lost += text.count("\ufffd")
    return length >= _FEWEST and lost > _BAD_SHARE * length
