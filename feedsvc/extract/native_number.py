"""The portal's own number of an article, read out of its canonical address. safety.md 3.2 of the specification."""

from __future__ import annotations

import re

from feedsvc.extract.address import bounded

# The portal's own number in the last part of a path. Each line: how it is written, and what it can be mistaken for.
ENDING = r"(?P<ending>\.[A-Za-z]{2,5})?"
NUMBERS = (
    re.compile(rf"(?P<slug>.+[-_])(?P<word>post|article|art|news|item|nid|id|d|a|n|i)(?P<number>\d{{4,20}}){ENDING}"),
    re.compile(rf"(?P<slug>.+[-_])(?P<word>)(?P<number>\d{{6,20}}){ENDING}"),  # not amounts: "-nhan-5000", "-1000000"
    re.compile(r"(?P<slug>.+[-_])(?P<word>)(?P<number>\d{5,20})(?P<ending>\.[A-Za-z]{2,5})"),
    re.compile(rf"(?P<word>)(?P<number>\d{{4,20}}){ENDING}"),
    re.compile(rf"(?P<word>)(?P<number>\d{{6,20}})-(?P<slug>[^.]+){ENDING}"),
)
HOST = re.compile(r"[^:/]+(?::\d+)?")
VIEW_CONTENT = re.compile(r"/view_content/(?P<number>\d{4,20})(?:-[^/]*)?$")
NUMBER_NAMES = ("itemid", "newsid", "articleid", "postid")
COUNTING_PARTS = ("page", "trang", "currentpage", "p", "tag", "tags", "tu-khoa", "category", "chuyen-muc")
UNIQUE_NUMBER = 7
"""From so many digits on a number is taken to be unique on its host, whatever the category before it."""


def number_key(key: str) -> str | None:
    """Give the key `num:<host and shape>|<number>` of a canonical key; None where no number is surely the article's."""
    address, _, query = key.partition("?")
    host, _, path = address.partition("/")
    for field in query.split("&"):
        name, _, value = field.partition("=")
        if name.lower() in NUMBER_NAMES and re.fullmatch(r"[0-9]{4,20}", value):
            return f"num:{address}?{name.lower()}|{value}"
    if not HOST.fullmatch(host):
        return None
    if found := VIEW_CONTENT.search(f"/{path}"):
        return f"num:{host}/view_content/#|{found['number']}"
    return None if query else _path_number(host, path)


def _path_number(host: str, path: str) -> str | None:
    """Find the number in the last part of a path; the parts before it count unless it is long enough to be unique."""
    *before, last = path.split("/")
    if before and before[-1].lower() in COUNTING_PARTS:
        return None
    for pattern in NUMBERS:
        found = pattern.fullmatch(last)
        if found is None:
            continue
        number = found["number"]
        if _is_day(number) or (not found["word"] and number.endswith("000")):
            return None
        above = "" if len(number) >= UNIQUE_NUMBER else "".join(f"{part}/" for part in before)
        slug = "" if "slug" not in found.re.groupindex else "*"
        order = f"#{slug}" if slug and found.start("number") == 0 else f"{slug}{found['word']}#"
        return bounded(f"num:{host}/{above}{order}{found['ending'] or ''}") + f"|{number}"
    return None


def _is_day(number: str) -> bool:
    """Tell whether the digits can be a year, a day in any usual order, or a day and time: no article's number."""
    if len(number) == len("2022"):
        return number.startswith(("19", "20"))
    if len(number) in {12, 14} and number.startswith("20"):  # with the time: files of one minute share it
        number = number[:8]
    orders = {6: ((0, 2), (4, 2)), 8: ((0, 2), (6, 4))}.get(len(number), ())
    return any(
        1 <= int(number[day : day + 2]) <= 31 and 1 <= int(number[month : month + 2]) <= 12  # noqa: PLR2004 - calendar
        for day, month in orders
    )
