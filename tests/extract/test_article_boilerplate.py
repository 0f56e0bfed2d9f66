from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

ADDRESS = "https://suoithong.example/tin-tuc/bai-1"
H1 = "<h1>Dọn đường vào bản đón khách</h1>"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = "".join(f"<p>{SENTENCE} {number}.</p>" for number in ("Một", "Hai", "Ba", "Bốn", "Năm"))
WANTED = "\n\n".join(f"{SENTENCE} {number}." for number in ("Một", "Hai", "Ba", "Bốn", "Năm"))

# What templates of portals put between headline and text, and below the text.
ABOVE = [
    "<p>Cỡ chữ: A- A A+</p>",
    "<div>Đọc bài viết <a href=#>Nghe</a></div>",
    "<div>Ngày đăng: 05/09/2022 | Lượt xem: 123 | Tác giả: Hồng Hải</div>",
    "<p>Màu chữ <a>Đen</a> Cỡ chữ <a>To</a></p>",
    "<ul><li>Trang chủ</li><li>Tin tức</li></ul>",
    "<p>Lượt đọc: 45</p>",
    "<p>Tăng cỡ chữ Giảm cỡ chữ In bài viết Gửi email</p>",
    "<p>Chọn giọng đọc: Nữ miền Bắc</p>",
    "<p>Xem với cỡ chữ</p>",
    "<p>Chuyên mục: Tin tức - Sự kiện</p>",
    "<p>0:00 / 3:21 Nam miền Bắc 1x</p>",
    "<p>Zalo Facebook Twitter</p>",
    "<p>Tương phản</p>",
    "<p>Đọc nội dung</p>",
    "<p>EmailPrintAa</p>",
    "<span>Font size: </span><a href=#>-</a> <a href=#>A</a>",
    "<p>Thứ Hai, 05/09/2022 | 08:00</p><p>Lượt xem: 1.234</p>",
    "<p>Chia sẻ bài viết lên facebook</p>",
    "<p>Đang xem: Tin tức</p>",
    "<p>Số lần xem: 12</p>",
    "<p>Nhấn vào đây để nghe bài viết</p>",
]
BELOW = [
    "<p>Lượt xem: 123</p>",
    "<p>Lượt đọc: 123</p>",
    "<p>Số lượt xem: 1.234</p>",
    "<p>Số lần đọc : 123</p>",
    "<p>Đã xem: 123 lần</p>",
    "<p>Đánh giá bài viết: 5/5 (3 phiếu bầu)</p>",
    "<p>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</p><p>Click để đánh giá bài viết</p>",
    "<p>Xếp hạng: 4.5 - 12 phiếu bầu</p>",
    "<h3>Ý kiến bạn đọc</h3><p>Họ và tên</p><p>Email</p><p>Nội dung</p><p>Mã xác nhận</p><p>Gửi</p>",
    "<p>Bạn chưa đăng nhập. Vui lòng đăng nhập để bình luận!</p>",
    "<p>Hãy là người đầu tiên bình luận bài viết này.</p>",
    "<p>Chia sẻ bài viết:</p><p>Facebook</p><p>Zalo</p>",
    "<p>In trang</p><p>Gửi bài viết cho bạn bè</p><p>Lưu bài viết</p>",
    "<p>Quay lại</p><p>Lên đầu trang</p>",
    "<h3>Các tin đã đưa</h3><ul><li><a href=/1>Khai mạc giải bóng chuyền các thôn</a> (05/09/2022)</li><li><a href=/2>Ra quân dọn vệ sinh đường bản</a> (04/09/2022)</li></ul>",
    "<p><b>Các tin khác:</b></p><p>» <a href=/1>Khai mạc giải bóng chuyền các thôn</a> (05/09/2022)</p><p>» <a href=/2>Ra quân dọn vệ sinh đường bản</a> (04/09/2022)</p>",
    "<div>Tin mới hơn</div><ul><li>05/09/2022 <a href=/1>Khai mạc giải bóng chuyền các thôn trong xã</a></li></ul><div>Tin cũ hơn</div><ul><li>01/09/2022 <a href=/2>Ra quân dọn vệ sinh</a></li></ul>",
    "<p>« <a href=/1>Bài trước: Khai mạc giải bóng chuyền</a></p><p><a href=/2>Bài sau: Ra quân dọn vệ sinh đường bản</a> »</p>",
    "<p>Tags: dọn đường, bản làng, du lịch</p>",
    "<p>Từ khóa: dọn đường, bản làng</p>",
    "<p>Từ khoá : <a>dọn đường</a>, <a>bản</a></p>",
    "<div>Tệp đính kèm:</div><div><a href=/kh.pdf>kh-12.pdf</a></div>",
    "<p>Tải tệp đính kèm</p>",
    "<p>Theo dõi chúng tôi trên Facebook, Zalo</p>",
    "<p>Mời bạn đọc theo dõi trang Zalo của chúng tôi tại đây.</p>",
    "<p>Bản quyền thuộc về Cổng thông tin điện tử xã Suối Thông. Ghi rõ nguồn khi phát hành lại thông tin.</p>",
    "<p>Viết bình luận</p><p>Tên của bạn *</p><p>Bình luận *</p>",
    "<p>Thông tin liên hệ</p><p>Địa chỉ: Thôn 1, xã Suối Thông. Điện thoại: 0123.456.789</p>",
    "<p>Tin nổi bật</p><p><a href=/1>Khai mạc giải</a></p>",
    "<p>Xem thêm:</p><p><a href=/1>Khai mạc giải bóng chuyền các thôn</a></p>",
    "<div>Thống kê truy cập</div><div>Đang online: 12</div><div>Hôm nay: 345</div><div>Tổng lượt: 456.789</div>",
    "<p>Danh sách bình luận</p><p>Chưa có bình luận nào</p>",
    "<p>Các bài viết khác cùng chuyên mục</p><p><a href=/1>Khai mạc giải</a></p>",
    "<p>Video liên quan</p>",
    "<p>Những bài viết liên quan</p><p>- Khai mạc giải bóng chuyền thôn (05/09)</p>",
    "<p>Tin cùng sự kiện</p><p>Họp thôn</p>",
    "<p>Cùng chuyên mục</p><p>Họp thôn</p>",
    "<p>BÀI VIẾT MỚI</p><p>Họp thôn</p>",
    "<p>Người đăng: admin</p>",
    "<p>Tin đọc nhiều</p>",
    "<p>Tin bài khác</p>",
    "<p>Thông tin khác</p>",
    "<p>THÔNG BÁO KHÁC</p><p>Họp thôn</p>",
    "<p>Hình ảnh khác</p>",
    "<p>Văn bản mới</p>",
    "<p>Ngày cập nhật: 06/09/2022</p>",
    "<p>Cập nhật: 06/09/2022 08:30</p>",
    "<p>[Trở về]</p><p>[Các tin tiếp theo]</p>",
    "<p>Trở về đầu trang | In bài</p>",
    "<p>Nội dung tin: Hay</p>",
    "<p>Góp ý / Phản hồi</p>",
    "<p>Bài viết có hữu ích không?</p><p>Có Không</p>",
    "<p>Tổng số lượt đánh giá: 3</p>",
    "<p>Cảm xúc của bạn về bài viết này?</p>",
]
TAILS = [
    "Tin khác", "Các tin khác:", "Tin liên quan", "Những bài viết liên quan", "Tin cùng chuyên mục", "CÙNG CHUYÊN MỤC", "Bài viết mới nhất", "Thông báo khác",
    "Các tin đã đưa", "Tin mới hơn", "Những tin cũ hơn", "Có thể bạn quan tâm", "Văn bản liên quan", "Xem nhiều nhất", "Ý kiến bạn đọc", "Hoạt động khác",
]  # fmt: skip


def read(markup):
    """Read a whole page."""
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=f"<html lang=vi><body>{markup}</body></html>".encode(), content_type="text/html",
        fetched_at=datetime(2024, 7, 16, tzinfo=VIETNAM),
    )  # fmt: skip
    return read_article(page, Source(slug="x", title="Cổng Suối Thông", home=ADDRESS))


@pytest.mark.parametrize("above", ABOVE)
def test_nothing_above_the_text_belongs_to_it(above):
    """Buttons, counters, breadcrumbs and voices between headline and text are no part of it, inside its box or above."""
    assert read(f"<div>{H1}{above}{TEXT}</div>").text == WANTED
    assert read(f"<div>{H1}{above}<div class=noi-dung>{TEXT}</div></div>").text == WANTED


@pytest.mark.parametrize("below", BELOW)
def test_nothing_below_the_text_belongs_to_it(below):
    """Counters, ratings, forms, notices and lists of other news are no part of it, inside its box or below."""
    for markup in (f"<div>{H1}{TEXT}{below}</div>", f"<div>{H1}<div class=noi-dung>{TEXT}</div>{below}</div>"):
        item = read(markup)
        assert item.text == WANTED
        assert item.html.count("<p>") == 5
        assert not item.authors


@pytest.mark.parametrize("heading", TAILS)
@pytest.mark.parametrize(
    "shape",
    ["<h3>{}</h3>", "<p><strong>{}</strong></p>", "<div class=head><a href=/tin>{}</a></div>", "<ul><li>{}</li></ul>"],
)
def test_other_news_with_summaries_are_not_of_the_article(heading, shape):
    """Below such a heading stand other articles, also when each has picture, date and summary."""
    other = "".join(
        f"<div><img src=/anh/{n}.jpg><a href=/tin/{n}>Tin số {n} của các thôn trong xã</a> (0{n}/09/2022)<p>{SENTENCE} {SENTENCE} Việc {n}.</p></div>"
        for n in range(1, 4)
    )
    item = read(f"<div>{H1}{TEXT}{shape.format(heading)}{other}</div>")
    assert item.text == WANTED
    assert not item.media


@pytest.mark.parametrize(
    "sentence",
    [
        "Chia sẻ với chúng tôi, anh Páo cho biết bà con rất vui.",
        "Đánh giá kết quả, lãnh đạo xã ghi nhận công sức của bà con.",
        "Xếp hạng nhất toàn đoàn là đội bóng của thôn Hai.",
        "Theo dõi báo cáo của các thôn, xã nhận thấy nhiều việc đã xong.",
        "Đã xem xong phim, bà con vỗ tay hồi lâu.",
        "Gửi bài viết dự thi, em Mẩy kể chuyện bản mình.",
        "Tổng số điểm của hai đội bằng nhau sau trận cuối.",
        "Trở về bản, anh dựng lại ngôi nhà sàn của cha.",
        "Liên quan đến con đường, bà con còn góp thêm đất.",
        "Tin khác với lời đồn, con đường sẽ xong trong năm nay.",
    ],
)
def test_sentences_that_begin_like_a_button_stay(sentence):
    """What an author wrote stays, though a button of the same words exists."""
    assert sentence in read(f"<div>{H1}{TEXT}<p>{sentence}</p>{TEXT}</div>").text
    assert read(f"<div>{H1}{TEXT}<p>{sentence}</p></div>").text.endswith(sentence)
