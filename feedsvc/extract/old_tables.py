"""Data: the old Vietnamese encodings, and what a Vietnamese syllable may look like.

TCVN3 ("ABC", after TCVN 5712:1993) and VISCII (RFC 1456) have one byte a letter, VNI-Windows writes a letter and its
mark as two. None of them is in the standard library. Where ABC fonts show punctuation instead of the standard's
capitals (0x80 to 0x9F, 0xB0 to 0xB4) the table has the punctuation, as web pages do.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_WINDOWS: Final = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")

TCVN3: Final = (
    _WINDOWS
    + "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ"
    + "°±²³´àảãáạẲằẳẵắẴ"
    + "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    + "éẹềểễếệìỉỄẾỒĩíịò"
    + "Ổỏõóọồổỗốộờởỡớợù"
    + "ỖủũúụừửữứựỳỷỹýỵỐ"
)
"""The characters of the bytes 0x80 to 0xFF. Capitals with a tone are mostly missing: fonts of capitals show them."""

VISCII: Final = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
"""The characters of the bytes 0x80 to 0xFF."""

VISCII_CONTROLS: Final[Mapping[int, str]] = MappingProxyType(
    {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
)
"""The six capitals that VISCII puts on control characters."""

_VNI_MARKS: Final = {
    "a": ("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": ("øùûõïâàáåãä", "èéẻẽẹêềếểễệ"),
    "o": ("øùûõïâàáåãä", "òóỏõọôồốổỗộ"),
    "u": ("øùûõï", "ùúủũụ"),
    "y": ("øùûõ", "ỳýỷỹ"),
    "ô": ("øùûõï", "ờớởỡợ"),
    "ö": ("øùûõï", "ừứửữự"),
}
_VNI_ALONE: Final = ("ìíæóòôöîñ", "ìíỉĩịơưỵđ")


def _vni() -> dict[str, str]:
    """Lay out the pairs; a capital takes its mark in either case, as people typed both."""
    pairs = dict(zip(*_VNI_ALONE, strict=True))
    for base, (marks, letters) in _VNI_MARKS.items():
        pairs |= {base + mark: letter for mark, letter in zip(marks, letters, strict=True)}
    capitals = {old.upper(): new.upper() for old, new in pairs.items()}
    mixed = {old[0].upper() + old[1:]: new.upper() for old, new in pairs.items() if len(old) > 1}
    return {**pairs, **capitals, **mixed}


VNI: Final[Mapping[str, str]] = MappingProxyType(_vni())
"""What Windows-1252 shows of a letter -> the letter: one or two characters each."""

ONSETS: Final = (
    "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "qu",
    "r", "s", "t", "th", "tr", "v", "x", "",
)  # fmt: skip
RIMES: Final = tuple(
    """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oc oi om on ong oong ooc op
    ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc ui um un ung up ut uê uêch uênh uêu uơ
    uôc uôi uôm uôn uông uôt uy uya uych uyêch uyên uyêt uynh uyt uyp uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y ych ynh yt yêm yên yêng yêt yêu""".split()  # noqa: SIM905 - a list to read
)  # fmt: skip
"""What follows the onset, without its tone."""

FREQUENT: Final = frozenset(
    """của và các được trong không là người những này đã đến để với có tại từ về một năm nhà nước hội việc thành phố
    tỉnh huyện xã thị phát triển công tác đồng chí lãnh đạo nhân dân ủy uỷ hành chính quản lý giáo dục văn hóa hoá
    thông báo tổ chức thực hiện kế hoạch nhiều cũng như sẽ vào dưới giữa sau trước khi đó đây nhất hai bộ số quyết
    định ngày tháng sự đầu tư kinh tế xuất bản pháp luật quy chế bà ông đoàn lễ buổi phòng chống dự án xây dựng cơ
    sở địa phương sản phẩm bảo vệ môi trường học tập đại biểu trung tâm lịch nông thôn mới đường điện đất đội cán bộ
    thủ tướng hướng dẫn hỗ trợ chủ tịch trên rất ở bị lại phải""".split()  # noqa: SIM905 - a list to read
)
"""Syllables with marks that stand in nearly every Vietnamese text of some length."""
