"""Numbers of Vietnamese legal documents, as they stand in titles.

Their forms are those of Decree 30/2020/NĐ-CP, appendix I: `12/QĐ-UBND`, with the year where it is a norm
`19/2022/TT-BGTVT`; of laws `45/2019/QH14`; and of the Party's documents `15-NQ/TW`.
"""

from __future__ import annotations

import re

_SIGN = "A-ZĐƯ"
_BODY = rf"[{_SIGN}][{_SIGN}a-z0-9]{{0,15}}"
_DASH = r"\s?[-–]\s?"
_FORMS = (
    rf"\d{{1,5}}[a-z]?\s?/\s?(?:(?:19|20)\d\d\s?/\s?)?[{_SIGN}]{{1,6}}(?:{_DASH}{_BODY}){{1,4}}",
    r"\d{1,4}\s?/\s?(?:19|20)\d\d\s?/\s?(?:QH|(?:PL-|NQ-)?UBTVQH)\d{1,2}",
    rf"\d{{1,5}}{_DASH}[{_SIGN}]{{2,4}}\s?/\s?{_BODY}(?:{_DASH}{_BODY}){{0,2}}",
)
_NUMBER = re.compile(rf"(?<![\w/.,-])(?:{'|'.join(_FORMS)})(?![\w/])")


def document_numbers(text: str) -> tuple[str, ...]:
    """The numbers in `text` (NFC), each once, without spaces and with plain hyphens; dates and fractions are none."""
    found = (re.sub(r"\s", "", match[0]).replace("–", "-") for match in _NUMBER.finditer(text))
    return tuple(dict.fromkeys(found))
