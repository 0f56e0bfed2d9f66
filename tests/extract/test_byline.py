import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.byline import is_signature, split_byline


def _pairs(line):
    return [(author.name, author.organisation) for author in split_byline(line)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Hồng Hải (Trung tâm VH,TT-TT Thị xã Sa Pa)", [("Hồng Hải", "Trung tâm VH,TT-TT Thị xã Sa Pa")]),
        ("Tin, ảnh: G.K", [("G.K", "")]),
        ("Theo T.M (T.M)", [("T.M", "T.M")]),
        ("Đỗ Biên - Khánh Linh", [("Đỗ Biên", ""), ("Khánh Linh", "")]),
        ("Đỗ Biên-Khánh Linh", [("Đỗ Biên", ""), ("Khánh Linh", "")]),
        ("P.V", [("P.V", "")]),
        ("Tác giả: Giàng A Chu và Lý Mẩy", [("Giàng A Chu", ""), ("Lý Mẩy", "")]),
        ("Bài: Thu Hà, Ảnh: Minh Đức", [("Thu Hà", ""), ("Minh Đức", "")]),
        ("Thu Hà - Trung tâm Văn hóa", [("Thu Hà", "Trung tâm Văn hóa")]),
        ("(Theo Báo Lào Cai)", [("", "Báo Lào Cai")]),
        ("Nguồn: baolaocai.vn", [("", "baolaocai.vn")]),
        ("Tin bài: Lan Anh (CTV)", [("Lan Anh", "CTV")]),
        ("Phòng Văn hóa và Thông tin", [("", "Phòng Văn hóa và Thông tin")]),
        ("By Jean-Pierre Martin", [("Jean-Pierre Martin", "")]),
        ("Bài, ảnh: Thanh", [("Thanh", "")]),
        ("", []),
        ("1 2 3 4 5 ...", []),
    ],
)
def test_split_byline_parts_people_and_organisations(line, wanted):
    """Each spelling of a byline gives its people in order, each with the organisation that stands beside the name."""
    assert _pairs(line) == wanted


@pytest.mark.parametrize(
    "line",
    ["Hồng Hải (Trung tâm VH,TT-TT Thị xã Sa Pa)", "Tin, ảnh: G.K", "Theo T.M (T.M)", "Đỗ Biên - Khánh Linh", "P.V", "PV", "THU HÀ", "Giàng A Chu", "Tin, ảnh Hải Yến", "Thực hiện: Nhóm PV", "LINH ANH, Ảnh: Tuấn",
     "Ban Biên tập", "BBT", "Văn phòng HĐND-UBND thị xã", "Phòng Văn hóa và Thông tin"],
)  # fmt: skip
def test_signatures_are_known(line):
    """A short line of names, initials, or a label with names is a signature."""
    assert is_signature(line)


@pytest.mark.parametrize(
    "line",
    ["Quang cảnh làm việc.", "Tin khác", "Tin tức", "1 2 3 4 5 ...", "Bà Hồng Minh phát biểu", "Theo báo cáo của thị xã", "Danh sách video", "Ảnh minh họa",
     "Trong năm: 414,619", "", "Hội nghị kết thúc lúc 17 giờ", "Nhà tạm lánh tại cộng đồng”.", "a" * 90, "Phòng chống bão lụt",
     "Báo cáo kết quả", "Ban hành kế hoạch", "Hội nghị tổng kết", "Trung tâm Y tế khám bệnh cho hơn 200 người dân ở các thôn bản"],
)  # fmt: skip
def test_other_last_lines_are_no_signatures(line):
    """Sentences, captions, headings of lists and counters are not taken for a signature."""
    assert not is_signature(line)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_every_author_has_a_name_or_an_organisation(line):
    """Any line is parted without error, and no author comes out empty."""
    assert all(author.name or author.organisation for author in split_byline(line))
    is_signature(line)
