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
        ("Thu Hà - Phòng Văn hóa và Thông tin", [("Thu Hà", "Phòng Văn hóa và Thông tin")]),
        ("Thu Hà - Trung tâm VH,TT-TT", [("Thu Hà", "Trung tâm VH,TT-TT")]),
        (
            "Thu Hà, Trung tâm Văn hóa - Thể thao và Truyền thông",
            [("Thu Hà", "Trung tâm Văn hóa - Thể thao và Truyền thông")],
        ),
        (
            "Thu Hà - Đài Truyền thanh, Minh Đức - Báo Lào Cai",
            [("Thu Hà", "Đài Truyền thanh"), ("Minh Đức", "Báo Lào Cai")],
        ),
        ("Nguồn: Sở Y tế", [("", "Sở Y tế")]),
        ("Y Phương", [("Y Phương", "")]),
        ("Nguồn: https://suoithong.example.vn/tin-tuc/bai-1", [("", "suoithong.example.vn")]),
        ("Theo suoithong.example.vn", [("", "suoithong.example.vn")]),
        ("Minh Anh (Theo TTXVN)", [("Minh Anh", "TTXVN")]),
        ("Minh Anh theo TTXVN", [("Minh Anh", "TTXVN")]),
        ("Theo VGP", [("", "VGP")]),
        ("Thu Hà (tổng hợp)", [("Thu Hà", "")]),
        ("Phóng viên Thu Hà", [("Thu Hà", "")]),
        ("PV", [("PV", "")]),
        ("Bài: Thu Hà - Ảnh: Báo Lào Cai", [("Thu Hà", ""), ("", "Báo Lào Cai")]),
        ("Tuấn Ngọc - Cao Cường/Báo Lào Cai", [("Tuấn Ngọc", ""), ("Cao Cường", "Báo Lào Cai")]),
        ("Nguyễn Văn A và nhóm cộng tác viên", [("Nguyễn Văn A", "nhóm cộng tác viên")]),
        ("Tin, ảnh: G.K./.", [("G.K", "")]),
    ],
)
def test_split_byline_parts_people_and_organisations(line, wanted):
    """Each spelling of a byline gives its people in order, each with the organisation that stands beside the name."""
    assert _pairs(line) == wanted


@pytest.mark.parametrize(
    "line",
    ["Hồng Hải (Trung tâm VH,TT-TT Thị xã Sa Pa)", "Tin, ảnh: G.K", "Theo T.M (T.M)", "Đỗ Biên - Khánh Linh", "P.V", "PV", "THU HÀ", "Giàng A Chu", "Tin, ảnh Hải Yến", "Thực hiện: Nhóm PV", "LINH ANH, Ảnh: Tuấn",
     "Thu Hà./.", "Tin, ảnh: Thu Hà.", "Nhóm phóng viên", "Ban biên tập", "Công an thị xã", "Hội LHPN thị xã", "Sưu tầm: Thu Hà", "Ảnh: sưu tầm", "Phóng viên Thu Hà", "Minh Anh theo TTXVN",
     "Bài, ảnh: Hải Yến (Trung tâm Văn hóa, Thông tin, Thể thao và Truyền thông thị xã Suối Thông)", "Hoàng Thị Vượng, Phó trưởng phòng",
     "Ban Biên tập", "BBT", "Văn phòng HĐND-UBND thị xã", "Phòng Văn hóa và Thông tin"],
)  # fmt: skip
def test_signatures_are_known(line):
    """A short line of names, initials, or a label with names is a signature."""
    assert is_signature(line)


@pytest.mark.parametrize(
    "line",
    ["Quang cảnh làm việc.", "Tin khác", "Tin tức", "1 2 3 4 5 ...", "Bà Hồng Minh phát biểu", "Theo báo cáo của thị xã", "Danh sách video", "Ảnh minh họa",
     "Trong năm: 414,619", "", "Hội nghị kết thúc lúc 17 giờ", "Nhà tạm lánh tại cộng đồng”.", "a" * 90, "Phòng chống bão lụt",
     "Thu Hà.", "Chúc Mừng Năm Mới", "THÔNG BÁO", "Ông Nguyễn Văn A", "Bà Nguyễn Thị Minh – Phó Giám đốc sở", "Công an thị xã khám phá vụ án", "Hà - Linh",
     "Ảnh: Quang cảnh hội nghị", "Nơi Nhận", "Hội nghị thị xã", "Xã Hội", "Nguồn: nước sạch về bản",
     "Báo cáo kết quả", "Ban hành kế hoạch", "Hội nghị tổng kết", "Trung tâm Y tế khám bệnh cho hơn 200 người dân ở các thôn bản"],
)  # fmt: skip
def test_other_last_lines_are_no_signatures(line):
    """Sentences, captions, headings of lists and counters are not taken for a signature."""
    assert not is_signature(line)


@pytest.mark.parametrize("line", ["Hồng", "Hà - Linh", "Thanh, Tú"])
def test_a_given_name_signs_where_it_is_set_apart(line):
    """One syllable is a signature only where the page sets the line apart."""
    assert is_signature(line, set_apart=True)
    assert not is_signature(line)
    assert not is_signature("Hết", set_apart=True)


SURNAMES = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô", "Lý", "Giàng", "Vàng", "Sùng",
    "Lò", "Chảo", "Tẩn", "Hầu", "Thào", "Má", "Nông", "Đinh", "Phùng",
]  # fmt: skip
MIDDLES = [
    "Văn", "Thị", "Minh", "A", "Thu", "Ngọc", "Đức", "Thanh", "Hồng", "Láo", "Seo", "Quang", "Xuân", "Thúy", "Anh",
]  # fmt: skip
GIVENS = [
    "Hà", "Hải", "Linh", "Đức", "Yến", "Sơn", "Hùng", "Mẩy", "Páo", "Dung", "Thảo", "Oanh", "Tuấn", "Chu", "Sử",
    "Biên", "Phương", "Trang", "Thư",
]  # fmt: skip
OFFICES = [
    "Trung tâm VH,TT-TT thị xã Suối Thông", "Đài Truyền thanh - Truyền hình", "Phòng Văn hóa và Thông tin", "UBND xã Tả Van",
    "Báo Suối Thông", "Công an thị xã", "Sở Nông nghiệp và Môi trường", "CTV", "TTXVN", "Hội Phụ nữ phường",
]  # fmt: skip
LABELS = [
    "Tin, ảnh: ", "Bài và ảnh: ", "Tin bài: ", "Tác giả: ", "Thực hiện: ", "Bài, ảnh: ", "Ảnh: ", "Tin & ảnh: ", "Theo ",
    "Người viết: ", "Biên tập: ", "Nguồn: ", "PV ", "Phóng viên ",
]  # fmt: skip
WRAPPED = ["{}", "({})", "{}./.", " {} ", "*{}*"]


@st.composite
def names(draw):
    """A person as Vietnamese portals sign: two to four syllables, some all in capitals, or initials."""
    pick = st.sampled_from
    shape = draw(st.integers(0, 4))
    if shape == 0:
        return ".".join(draw(st.lists(pick("ĐTMHGKLNS"), min_size=2, max_size=3)))
    words = (
        [draw(pick(MIDDLES[2:])), draw(pick(GIVENS))]
        if shape == 1
        else [draw(pick(SURNAMES)), draw(pick(MIDDLES)), draw(pick(GIVENS))]
    )
    if shape == 3:
        words.insert(2, draw(pick(MIDDLES[2:])))
    name = " ".join(words)
    return name.upper() if shape == 4 else name


@settings(max_examples=200, deadline=None)
@given(
    st.lists(names(), min_size=1, max_size=3, unique_by=str.casefold),
    st.sampled_from(LABELS),
    st.sampled_from(WRAPPED),
    st.sampled_from([" - ", ", ", " và ", "; ", " – ", " & ", "/"]),
)
def test_any_people_are_read_in_any_shape(people, label, wrapped, between):
    """Whatever Vietnamese names sign, with any label, mark and separator, these people are read, and no other."""
    line = wrapped.format(label + between.join(people))
    assert is_signature(line)
    assert _pairs(line) == [(name, "") for name in people]
    bare = between.join(people)
    assert is_signature(bare)
    assert _pairs(bare) == [(name, "") for name in people]


@settings(max_examples=150, deadline=None)
@given(
    names(),
    st.sampled_from(OFFICES),
    st.sampled_from(["", *LABELS]),
    st.sampled_from(["{} ({})", "{} - {}", "{}, {}", "{} – {}", "{} [{}]"]),
)
def test_any_office_goes_with_its_person(person, office, label, shape):
    """An office in brackets, behind a dash or a comma belongs to the person before it, whole."""
    line = label + shape.format(person, office)
    assert is_signature(line)
    assert _pairs(line) == [(person, office)]


SUBJECTS = [
    "Hội nghị",
    "Buổi lễ",
    "Ông {}",
    "Bà con các thôn",
    "Chương trình",
    "Đồng chí {}",
    "{} và gia đình",
    "Theo ông {}, dự án",
    "Theo kế hoạch, giải đấu",
    "Tin rằng đoàn thị xã",
    "Ảnh hưởng của mưa lũ",
    "Nguồn nước sạch",
    "{}",
]
VERBS = [
    "đã kết thúc tốt đẹp",
    "phát biểu kết luận hội nghị",
    "sẽ hoàn thành trước tháng 10",
    "đem lại niềm vui cho bà con",
    "tiếp tục được triển khai trên địa bàn",
    "cảm ơn các nhà hảo tâm",
    "là tấm gương sáng của bản",
]


@settings(max_examples=200, deadline=None)
@given(names(), st.sampled_from(SUBJECTS), st.sampled_from(VERBS), st.sampled_from([".", "", "!", "...", "./.", "”."]))
def test_a_closing_sentence_is_no_signature(person, subject, verb, end):
    """A sentence that ends an article is none, though it names people and has lost its full stop."""
    assert not is_signature(f"{subject.format(person)} {verb}{end}")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_every_author_has_a_name_or_an_organisation(line):
    """Any line is parted without error, and no author comes out empty."""
    assert all(author.name or author.organisation for author in split_byline(line))
    is_signature(line)
