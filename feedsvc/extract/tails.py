"""The wordings by which lines around an article are known: headings of other news, buttons, counters, datelines."""

from __future__ import annotations

import re
from typing import Final

_LONGEST_TAIL: Final = 70
_TAIL: Final = re.compile(
    r"(?:(?:(?:các|những|một số) )?(?:tin|bài|thông tin|sự kiện)(?: viết| tức| bài| đăng| ảnh| video)? (?:"
    r"khác(?: cùng.{0,30})?|liên quan(?: khác)?|cùng (?:chuyên mục|chủ đề|sự kiện|loại|ngày|tác giả)|"
    r"mới(?: hơn| nhất| đăng| cập nhật)?|cũ hơn|đã (?:đưa|đăng)|nổi bật(?: khác)?|(?:đọc|xem) nhiều(?: nhất)?|"
    r"được quan tâm(?: nhất)?|tiếp theo|trước đó|trong (?:ngày|tuần|tháng))|(?:các|những) tin (?:mới|cũ) hơn|"
    r"(?:cùng|trong|các) chuyên mục(?: khác)?|cùng (?:chủ đề|tác giả)|xem thêm(?: tin| bài| các .{0,30})?|"
    r"(?:xem|đọc) nhiều(?: nhất)?|đọc (?:thêm|tiếp)|có thể bạn (?:quan tâm|thích|muốn.{0,20}|chưa biết)|"
    r"danh sách video|thư viện (?:ảnh|video|hình ảnh)|đăng nhập|liên kết(?: website| web)?|tin tức|"
    r"(?:\d+ )?bình luận(?: \(?\d+\)?)?|(?:danh sách|viết|gửi) bình luận(?: của bạn)?|"
    r"ý kiến(?: bạn đọc| của bạn| phản hồi| độc giả)|gửi (?:ý kiến|phản hồi)(?: .{0,20})?|phản hồi(?: bạn đọc)?|"
    r"lượt (?:truy cập|xem|đọc)|đang truy cập|thống kê(?: lượt)? truy cập|"
    r"(?:chuyên mục|video|clip|ảnh|hình ảnh|album|thông báo|văn bản|bản tin|hoạt động|phóng sự|tài liệu) khác|"
    r"(?:video|ảnh|văn bản|tài liệu|chủ đề|nội dung|thủ tục) liên quan|văn bản mới(?: ban hành)?|"
    r"related(?: (?:articles?|stories|story|posts?|content|news|links|topics|coverage|videos?|reading))?|"
    r"more (?:from|on|stories|news|in|about) .{0,40}|more stories|read (?:more|next|also).{0,60}|"
    r"(?:\d+ )?comments?|leave a (?:reply|comment)|join the (?:conversation|discussion)|you (?:may|"
    r"might) (?:also )?(?:like|enjoy|be interested in)|recommended(?: for you)?|"
    r"about the authors?|share this.{0,20}|most (?:popular|read|viewed|shared)|latest (?:news|stories|posts)|"
    r"what to read next|trending(?: now)?|"
    r"ähnliche (?:artikel|beiträge)|mehr zum thema|das könnte (?:sie|dich|ihnen).{0,40}|kommentare?|"
    r"weitere (?:artikel|beiträge|meldungen).{0,30}|"
    r"artículos relacionados|noticias relacionadas|articoli correlati|leggi anche|leia (?:também|mais)|"
    r"articles? (?:liés|similaires))"
)
_FOREIGN: Final = (
    r"advert|advertisement|advertising|anzeige|publicidade|publicidad|pubblicità|reklam\w*|story continues below.*|"
    r"continue reading.*|article continues.*|sharing is caring.*|share(?: (?:this|on|via|with).*)?|"
    r"\d+ ?(?:shares?|comments?|views?|likes?)|print(?: this)?|e-?mail|tweet|pin(?: it)?|facebook|twitter|whatsapp|"
    r"click here (?:to|for) .*|sign up (?:for|to|here).*|subscribe (?:to|now|here).*|follow (?:us|@|me) .*|"
    r"like us on .*|get the latest .*|download our .*|join our .*|please enable javascript.*|"
    r"you must (?:be logged in|log in|enable javascript).*|loading.*|copyright .*|© .*|all rights reserved.*|"
    r"this (?:video|content) (?:is|has) .{0,40}(?:available|unavailable|removed).*|"
    r"this \w+ requires javascript.*|view count.*|font size.*|"
    r"a[+-](?: a[+-]?)*|(?:photo|image|picture|foto)s? ?(?:by|:|credit|courtesy|source).*|image source.*|"
    r"getty images.*|(?:watch|related|see also|read more|more|also read|read|recommended|don't miss|must read)\s*:.*"
)
_BUTTONS: Final = (
    r"trang chủ|home|zalo|google\+?|linkedin|messenger|sao chép liên kết|lưu (?:bài viết|tin)|thích|tương phản|"
    r"in (?:trang|bài(?: viết)?)(?: này)?|in ấn|(?:xem )?bản in|gửi (?:email|bài viết|mail)[^.!?]{0,40}|"
    r"chia sẻ(?: (?:bài|tin|lên|qua|trên|facebook|zalo|ngay|link|liên kết|mạng)\b[^.!?]{0,40})?\W*|"
    r"\[?(?:trở (?:về|lại)|quay lại|về (?:trang (?:chủ|trước)|đầu trang)|lên đầu trang|trang trước)\]?"
    r"(?:\s*[|/].{0,40})?|"
    r"(?:tăng|giảm)? ?cỡ chữ.{0,40}|(?:màu|font) chữ.{0,40}|chọn giọng đọc.{0,40}|nhấn vào đây để nghe.{0,40}|"
    r"(?:nghe|đọc) (?:bài viết|nội dung|bài)|(?:tải )?(?:tệp|tập tin|file|tài liệu)(?: tin)? đính kèm\s*:?"
)
_COUNTERS: Final = (
    r"(?:số )?(?:lần|lượt) (?:đọc|xem|truy cập)\W*(?:[\d.,]+.{0,20})?|(?:đã )?(?:đọc|xem)\s*:\s*[\d.,]+.{0,10}|"
    r"\d[\d.,]* ?(?:lượt (?:xem|đọc)|bình luận)|(?:ngày )?cập nhật(?: lần cuối| lúc)?\s*:?\s*\d.{0,30}|"
    r"trong (?:năm|tháng|tuần|ngày)\s*:\s*[\d.,]+|người (?:đăng|cập nhật)\s*:.{0,30}|"
    r"(?:tất cả|tổng(?: số)?|hôm nay|hôm qua|đang truy cập|đang online|lượt truy cập)\s*:?\s*[\d.,]+|"
    r"đánh giá(?: (?:bài viết|bài|tin|chất lượng|của bạn)\b[^.!?]{0,40})?\W*(?:[\d/.,]+.{0,30})?|"
    r"tổng số (?:điểm của bài|lượt đánh giá).*|click để đánh giá.*|xếp hạng\W*[\d.,/]+.{0,40}"
)
_FORMS: Final = (
    r"bạn chưa đăng nhập.*|hãy là người đầu tiên.*|(?:vui lòng|mời bạn|xin mời) .{0,20}(?:đăng nhập|bình luận).*|"
    r"chưa có bình luận.*|họ (?:và )?tên\W{0,4}|mã (?:xác nhận|bảo vệ|captcha)\W{0,4}|(?:không )?hữu ích|"
    r"(?:nội dung|tiêu đề|(?:địa chỉ )?email|điện thoại|gửi|hủy|gửi đi|nhập lại)\s*\*?:?|"
    r"bài viết (?:này )?có hữu ích.*|cảm xúc của bạn (?:về|với) (?:bài|tin).*"
)
_NOTICES: Final = (
    r"quảng cáo|(?:xem|đọc) thêm:.*|mời (?:bạn )?xem thêm.*|"
    r"(?:từ kho[áa]|tags?|thẻ|chủ đề|keywords?|topics?|filed under)\s*:.*|"
    r"mời (?:bạn đọc|quý vị|quý độc giả|độc giả|các bạn|quý khán giả|bạn) .{0,30}(?:theo dõi|xem thêm|đón đọc).*|"
    r"theo dõi (?:chúng tôi|fanpage|kênh|báo).{0,30} (?:trên|tại|qua) .*|bản quyền (?:thuộc|©|\d).*|"
    r"(?:vui lòng |đề nghị )?ghi rõ nguồn.*|bạn (?:cần|phải) đăng nhập (?:để|mới|trước).*|"
    r".{0,90} không (?:đại diện|phản ánh|thể hiện)(?: cho)? quan điểm (?:của )?.{0,40}"
)
_BOILERPLATE: Final = re.compile(f"(?:{_FOREIGN}|{_BUTTONS}|{_COUNTERS}|{_FORMS}|{_NOTICES})$")
_PAGER: Final = re.compile(
    r"(?:[\d\s.…»«‹›<>|\[\]]|\b(?:trang|page)s?\b:?(?=\s*[\[(]?\s*\d)|"
    r"\btrang (?:sau|trước|tiếp(?: theo)?|đầu|cuối)\b)+"
)
_DATE_WORDS: Final = re.compile(
    r"(?:ngày|đăng|xuất bản|cập nhật|lúc|vào|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7]|tháng|năm|giờ|"
    r"phút|gmt|utc|am|pm|sa|ch|lượt xem|"
    r"view count|views|published|posted|updated|on|at|by|last|first|am|um|uhr|jan\w*|feb\w*|mar\w*|apr\w*|may|"
    r"jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|"
    r"nov\w*|dec\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day|e[sd]t|c[sd]t|p[sd]t)"
)
_LETTER: Final = re.compile(r"[^\W\d_]")


def is_tail(text: str) -> bool:
    """Tell whether `text` is the heading of what stands below an article: other news, comments, counters, a pager."""
    line = text.casefold().strip(" \t:.>»-–—*•|+")
    if not line or len(line) > _LONGEST_TAIL:
        return False
    return bool(_TAIL.fullmatch(line) or (_PAGER.fullmatch(line) and len(line.split()) > 1))


def is_dateline(text: str) -> bool:
    """Tell whether `text` is nothing but a date, with its label or a counter."""
    line = text.casefold()
    return any(char.isdigit() for char in line) and not _LETTER.search(_DATE_WORDS.sub("", line))


def is_boilerplate(text: str) -> bool:
    """Tell whether `text` is a button, a counter, a pager or a notice of the page, and nothing an author wrote."""
    line = text.casefold().strip()
    return bool(_BOILERPLATE.match(line) or _PAGER.fullmatch(line))
