"""Vietnamese of before Unicode comes back letter by letter, and no other page is ever touched."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.charset import decode
from feedsvc.extract.old_charsets import from_tcvn3, from_vni
from feedsvc.extract.old_tables import TCVN3, VISCII, VISCII_CONTROLS, VNI
from feedsvc.extract.page import open_page
from feedsvc.extract.syllables import is_syllable
from feedsvc.model import Page

SENTENCES = (
    "Hội nghị tổng kết công tác dân vận của huyện Mường Thanh đã diễn ra vào sáng nay.",
    "Ông Lò Văn Pản nhấn mạnh: bà con phải được hưởng lợi từ rừng, không ai bị bỏ lại phía sau.",
    "Quyết định có hiệu lực từ ngày ký, thay thế quy chế xuất bản ban hành năm ngoái.",
    "Những thửa ruộng bậc thang ở Bản Phùng khiến khách phương xa ngẩn ngơ, lưu luyến chẳng muốn về.",
    "Trẻ em được tiêm chủng đầy đủ; người già được khám, cấp thuốc miễn phí tại trạm y tế xã.",
    "Khuya hôm ấy, chị Quỳnh vẫn còn ngồi sửa từng con chữ cho tờ tin của thôn.",
    "Mưa lũ cuốn trôi hai cây cầu treo, đường vào trường mẫu giáo bị chia cắt suốt một tuần.",
    "Thí sinh nộp hồ sơ trước kỳ nghỉ lễ, kết quả sẽ được thông báo trên bảng tin của sở.",
)
CAPITALS = (
    "THÔNG BÁO VỀ VIỆC NGHỈ LỄ VÀ TRỰC TẾT",
    "HỘI NGHỊ CỬ TRI TIẾP XÚC ĐẠI BIỂU HỘI ĐỒNG NHÂN DÂN",
)
FOREIGN = (
    ("Où étiez-vous l’été dernier ? À la plage près de Sète, là où les élèves répètent « déjà ».", "cp1252"),
    ("Größere Öfen für schöne Küchen: Überprüfung der Maße gemäß Vorschrift, so Müller.", "cp1252"),
    ("A educação não é só informação; São Paulo também terá avaliações até março, às três.", "cp1252"),
    ("El año próximo habrá más niños en la región; ¿cómo será la situación según él?", "cp1252"),
    ("Città più belle: perché là si può già vivere così, è la verità, disse Niccolò.", "cp1252"),
    ("Sjöar på över tusen öar är vackra; många åker båt från Malmö till Åland.", "iso8859-15"),
    ("Новости района: сегодня и завтра ожидается дождь, будьте осторожны на дорогах.", "cp1251"),
    ("通知公告：今天上午全市召开会议，部署下一步工作。", "gb18030"),
    ("お知らせ：本日の会議は午後三時から始まります。", "cp932"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy u řeky.", "cp1250"),
)
OLD = ("tcvn3", "vni", "viscii", "cp1258")
TONES = "\u0300\u0301\u0303\u0309\u0323"


def encoded(text: str, codec: str) -> bytes:
    """Write `text` as the editors of old did; TCVN3 has small letters only where its fonts show capitals."""
    if codec == "vni":
        pairs = {letter: pair for pair, letter in reversed(VNI.items())}
        return "".join(pairs.get(letter, letter) for letter in text).encode("cp1252")
    if codec == "cp1258":
        return b"".join(_letter_1258(letter) for letter in text)
    table = {letter: byte for byte, letter in enumerate(TCVN3 if codec == "tcvn3" else VISCII, 0x80)}
    table |= {letter: byte for byte, letter in VISCII_CONTROLS.items()} if codec == "viscii" else {}
    return b"".join(
        letter.encode() if letter.isascii() else bytes([table.get(letter) or table[letter.lower()]]) for letter in text
    )


def _letter_1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in TONES)
        return (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")


def texts(root: object) -> list[str]:
    """Give the pieces of text of a tree."""
    return [piece.strip() for piece in root.itertext() if piece.strip()]  # type: ignore[attr-defined]


def opened(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> list[str]:
    """Give the pieces of text that a page shows."""
    body = html if isinstance(html, bytes) else html.encode()
    page = Page(
        url="https://thixa.vidu.vn/",
        final_url="https://thixa.vidu.vn/",
        status=200,
        body=body,
        content_type=content_type,
        fetched_at=datetime(2022, 9, 25, tzinfo=UTC),
    )
    return texts(open_page(page).root)


def shown(text: str, codec: str = "tcvn3") -> str:
    """Give what a page shows where text of an old encoding was pasted."""
    return encoded(text, codec).decode("cp1252" if codec == "vni" else "latin-1")


def sentences() -> st.SearchStrategy[str]:
    """Some of our sentences, in any order."""
    return st.lists(st.sampled_from(SENTENCES + CAPITALS), min_size=1, max_size=6, unique=True).map("\n".join)


@pytest.mark.parametrize("codec", OLD)
@settings(max_examples=60, deadline=None)
@given(text=sentences(), declared=st.sampled_from(["", "iso-8859-1", "windows-1252", "utf-8", "x-user-defined"]))
def test_old_vietnamese_comes_back_exactly(codec, text, declared):
    """Whatever a page declares, its Vietnamese is told from its content, letter by letter."""
    html = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    body = encoded(html, codec)
    assert decode(body, f"text/html; charset={declared}" if declared else "text/html") == (html, codec)


@settings(max_examples=60, deadline=None)
@given(text=sentences())
def test_vietnamese_in_utf8_is_read_as_such(text):
    """Valid UTF-8 stays what it is, whatever the header says."""
    assert decode(text.encode(), "text/html; charset=windows-1258") == (text, "utf-8")


@pytest.mark.parametrize(("text", "codec"), FOREIGN)
@pytest.mark.parametrize("html", ["<p>{}</p>", "<html><meta charset={1}><body><h1>News</h1><p>{0}</p>"])
def test_other_languages_keep_their_reading(text, codec, html):
    """A page in another language is read by what it declares, and never taken for Vietnamese when it declares nothing."""
    label = {"gb18030": "gbk", "cp932": "shift_jis", "iso8859-15": "iso-8859-15"}.get(codec, f"windows-{codec[2:]}")
    body = html.format(text, label).encode(codec)
    assert text in decode(body, f"text/html; charset={label}")[0]
    assert decode(body, "text/html")[1] not in OLD


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(FOREIGN), min_size=1, max_size=4), st.sampled_from([*OLD, "cp1252"]))
def test_no_foreign_text_is_vietnamese_in_any_old_table(chosen, declared):
    """Undeclared French, German, Portuguese, Russian, Chinese and Japanese make Vietnamese by none of the tables."""
    body = b" ".join(text.encode(codec) for text, codec in chosen)
    assert decode(body, "")[1] not in OLD, declared


def test_a_page_of_few_words_is_no_evidence():
    """Two accented words decide nothing, though they would be Vietnamese by one of the tables."""
    assert decode("<p>là où".encode("cp1252"), "text/html")[1] == "cp1252"
    assert decode(b"<p>\xa9 2020 \xbb Caf\xe9", "text/html")[1] == "cp1252"


@pytest.mark.parametrize(
    ("label", "codec"),
    [("x-viet-tcvn5712", "tcvn3"), ("VISCII", "viscii"), ("x-viet-vni", "vni"), ("cp1258", "cp1258")],
)
def test_a_page_may_name_its_old_encoding(label, codec):
    """The names of these encodings in a header count, also for one word."""
    assert decode(encoded("Tiếng", codec), f"text/html; charset={label}") == ("Tiếng", codec)


@pytest.mark.parametrize(
    "word", ["khuya", "quốc", "Nguyễn", "gìn", "giếng", "thuở", "ƯỚC", "trượt", "xuềnh", "đỉa", "HĐND"]
)
def test_syllables_are_known(word):
    """Letters, tone and capitals of a real syllable are accepted."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["été", "các̣", "cóp̉", "đat", "mằp", "tHẬt", "ộtộ", "wậy", "öl", "größe"])
def test_what_is_no_syllable_is_refused(word):
    """Two tones, a flat tone before a stop, mixed capitals and foreign letters are no Vietnamese."""
    assert not is_syllable(unicodedata.normalize("NFC", word))


def test_debris_in_a_unicode_page_is_repaired():
    """Text pasted from an old font becomes Vietnamese, in inline parts and in titles of links too."""
    html = (
        f"<p>Trang chủ</p><div><a title='{shown(SENTENCES[2])}' href=/a>{shown('Quy chế xuất bản')}</a>"
        f"<p>{shown('Ban hành kèm theo quyết định của')} <b>{shown('giám đốc sở')}</b></p></div>"
    )
    assert opened(html) == [
        "Trang chủ",
        "Quy chế xuất bản",
        "Ban hành kèm theo quyết định của",
        "giám đốc sở",
    ]


def test_likely_debris_is_repaired_where_much_is_certain():
    """A short line with one word that no Latin spelling has counts beside several lines that are certain."""
    lines = "".join(f"<p>{shown(text)}</p>" for text in SENTENCES[:3])
    page = f"<p>Trang chủ</p>{lines}<script>var a = 'b¶n ph¸p';</script><p>{shown('bản đồ')}</p>"
    assert opened(page)[-1] == "bản đồ"
    assert "var a = 'b¶n ph¸p';" in opened(page)
    assert opened(f"<p>Trang chủ</p><p>{shown('bản đồ')}</p>") == ["Trang chủ", shown("bản đồ")]


def test_debris_written_as_entities_is_repaired():
    """An editor that wrote the letters of the font as entities is understood as well."""
    assert opened("<p>Quy ch&Otilde; xu&Ecirc;t b&para;n</p>") == ["Quy chế xuất bản"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SENTENCES))
def test_sentences_of_debris_come_back_exactly(text):
    """Every sentence of ours pasted in TCVN3 into a Unicode page is the sentence again."""
    assert opened(f"<p>Trang chủ</p><p>{shown(text)}</p>") == ["Trang chủ", text]


LATIN = (
    *(text for text, codec in FOREIGN if codec in {"cp1252", "iso8859-15"}),
    "L’«été» à la plage, la 1ª edição, a Mª de São Paulo; Windows®, McÉwan, 5µm, 10m², col·legi paral·lel, n°5",
    "iPhone® de Apple© no·on H·N naïve façade Ångström ½ cup—a¼ sugar, SãoÉ ÉcoleÉlève",
    "Straße·Größe·Öl·Überfall HÉLÈNE «là» déjàÀ vuÊ",
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LATIN), min_size=1, max_size=3).map(" ".join))
def test_latin_text_is_never_repaired(text):
    """French, German, Portuguese, Spanish, Italian, Swedish and odd brand names stay as they are."""
    assert opened(f"<p>Trang chủ</p><p>{text}</p>")[1] == text
    assert opened(f"<p>{text}</p>") == [text]


def test_a_font_settles_its_element():
    """`.Vn*` and `VNI-*` in a face or style settle what no word alone could, capitals of the font included."""
    html = (
        f"<p>Trang chủ</p><font face='.VnTime'>{shown('thủ tục')}</font>"
        f"<span style='font-family:.VnTimeH'>{shown('hồ sơ')}</span>"
        f'<span style="font-size:9pt; font-family: &quot;VNI-Times&quot;">{shown("Việt", "vni")}</span>'
    )
    assert opened(html) == ["Trang chủ", "thủ tục", "HỒ SƠ", "Việt"]


def test_a_font_that_was_left_behind_settles_nothing():
    """Word keeps the font on text that is Unicode by now; a font of today ends one around it."""
    html = (
        "<p style='font-family:.VnTime'>Có lẽ là thế, cà phê đã rót rồi <span style='font-family:Arial'>là</span></p>"
    )
    assert opened(html) == ["Có lẽ là thế, cà phê đã rót rồi", "là"]
    assert opened("<p><font face='.VnTime'>có là và mà cà phê</font></p>") == ["có là và mà cà phê"]


def test_what_was_encoded_twice_is_read_once_more():
    """Letters and marks that an editor escaped twice are letters; markup that was escaped stays text."""
    assert opened(
        "<p>Th&amp;ocirc;ng b&amp;#225;o &amp;ldquo;m&amp;#x1edb;i&amp;rdquo; &amp;lt;b&amp;#62; a&amp;b</p>"
    ) == ["Thông báo “mới” &lt;b&#62; a&b"]


def test_code_is_shown_as_it_is_written():
    """On a page with code, an escaped entity is what is talked about."""
    assert opened("<p>Write <code>&amp;#237;</code></p>") == ["Write", "&#237;"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_the_tables_take_any_text(text):
    """No text makes the decoding fail."""
    assert isinstance(from_tcvn3(from_vni(text)), str)
