# ruff: noqa: E501 - a sentence stands on one line, so that the two languages can be read side by side
"""What the page on how to use feeds says, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from feedsvc.web.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One language. A reader is (name, its page, where it runs); an address or a choice is (as written, what it gives).

    In `addresses` and `choices` the names in braces are filled in: `feed` is the address of a feed without its ending,
    `base` that of the service, `source` the name of a source.
    """

    lead: str
    what: str
    what_text: tuple[str, ...]
    start: str
    steps: tuple[str, ...]
    readers: str
    readers_text: str
    reader_list: tuple[tuple[str, str, str], ...]
    addresses: str
    addresses_text: str
    address_list: tuple[tuple[str, str], ...]
    choices: str
    choices_text: str
    choice_list: tuple[tuple[str, str], ...]
    often: str
    often_text: tuple[str, ...]


VI = Guide(
    lead="Theo dõi tin của các cổng thông tin bằng ứng dụng bạn thích, không phải mở từng trang để xem có gì mới.",
    what="Nguồn cấp tin là gì?",
    what_text=(
        "Nguồn cấp tin (feed, RSS) là một địa chỉ chứa những tin mới nhất ở dạng máy đọc được. Ứng dụng gọi là trình đọc tin ghé địa chỉ ấy đều đặn và xếp tin mới của mọi nơi bạn theo dõi vào một chỗ.",
        "Bạn chọn theo dõi gì; không có thuật toán nào chọn thay bạn. Muốn thôi, chỉ cần xóa địa chỉ khỏi ứng dụng.",
    ),
    start="Bắt đầu trong một phút",
    steps=(
        "Cài hoặc mở một trình đọc tin, chẳng hạn một trong các ứng dụng dưới đây.",
        "Mở trang của một chuyên mục ở đây và bấm tên ứng dụng của bạn, hoặc sao chép địa chỉ rồi dán vào ứng dụng.",
        "Muốn theo dõi tất cả, hãy tải danh sách OPML và nhập vào ứng dụng.",
    ),
    readers="Các trình đọc tin",
    readers_text="Ứng dụng nào đọc được RSS, Atom hoặc JSON Feed đều dùng được. Vài ứng dụng quen thuộc:",
    reader_list=(
        ("Feedly", "https://feedly.com/", "trang web, Android, iPhone"),
        ("Inoreader", "https://www.inoreader.com/", "trang web, Android, iPhone"),
        ("Feeder", "https://f-droid.org/packages/com.nononsenseapps.feeder/", "Android, miễn phí, không cần tài khoản"),
        ("NetNewsWire", "https://netnewswire.com/", "Mac, iPhone, iPad; miễn phí"),
        ("Thunderbird", "https://www.thunderbird.net/", "Windows, Mac, Linux; cùng chỗ với thư điện tử"),
        ("FreshRSS", "https://freshrss.org/", "máy chủ của riêng bạn hoặc của cơ quan"),
        ("Miniflux", "https://miniflux.app/", "máy chủ của riêng bạn hoặc của cơ quan"),
    ),
    addresses="Các địa chỉ",
    addresses_text="Mở trong trình duyệt thì thấy trang cho người đọc; trình đọc tin hỏi cùng địa chỉ ấy thì nhận được nguồn cấp.",
    address_list=(
        ("{feed}", "trang của một chuyên mục"),
        ("{feed}.rss", "nguồn cấp ở dạng RSS, trình đọc tin nào cũng hiểu"),
        ("{feed}.atom", "ở dạng Atom"),
        ("{feed}.json", "ở dạng JSON Feed"),
        ("{feed}.rss?format=xml", "luôn là nguồn cấp, kể cả trong trình duyệt"),
        ("{base}/feeds/{source}.rss", "mọi chuyên mục của một nguồn tin"),
        ("{base}/opml", "danh sách mọi nguồn cấp, để nhập vào trình đọc tin"),
    ),
    choices="Chọn tin",
    choices_text="Thêm vào sau địa chỉ; mỗi lựa chọn là một nguồn cấp riêng và có thể ghép với nhau bằng dấu &.",
    choice_list=(
        ("{feed}.rss?q=sat+lo", "chỉ tin có đủ các từ này; viết có dấu hay không dấu đều được"),
        ("{feed}.rss?limit=20", "20 tin mới nhất; từ 1 đến 100, nếu không ghi là 50"),
        ("{feed}.rss?since=2026-11-01", "chỉ tin từ ngày này trở đi"),
        ("{feed}.rss?media=video", "chỉ tin có video; cũng có image, audio, document"),
    ),
    often="Nên hỏi bao lâu một lần?",
    often_text=(
        "Dành cho người cài đặt ứng dụng: hãy hỏi nhiều nhất mỗi giờ một lần, kèm điều kiện (If-None-Match hoặc If-Modified-Since); khi không có gì mới, câu trả lời chỉ vài trăm byte. Ứng dụng không biết hỏi kèm điều kiện thì chỉ nên hỏi mỗi ngày một lần. Ai hỏi quá dày sẽ nhận được mã 429 và thời gian phải chờ.",
        "Muốn có tin ngay mà không phải hỏi: nguồn cấp nào nêu một hub thì đăng ký được qua WebSub.",
    ),
)

EN = Guide(
    lead="Follow the news of public portals in the app that you like, without opening every site to see what is new.",
    what="What is a feed?",
    what_text=(
        "A feed (RSS) is an address that holds the latest news in a form for machines. An app called a feed reader visits it regularly, and gathers what is new from all the places that you follow.",
        "You choose what you follow; no algorithm chooses for you. To stop, remove the address from the app.",
    ),
    start="Start in a minute",
    steps=(
        "Install or open a feed reader, for instance one of those below.",
        "Open the page of a category here and press the name of your reader, or copy the address and paste it into the reader.",
        "To follow everything, download the OPML list and import it.",
    ),
    readers="Feed readers",
    readers_text="Every app that reads RSS, Atom or JSON Feed will do. Some that many people use:",
    reader_list=(
        ("Feedly", "https://feedly.com/", "web, Android, iPhone"),
        ("Inoreader", "https://www.inoreader.com/", "web, Android, iPhone"),
        ("Feeder", "https://f-droid.org/packages/com.nononsenseapps.feeder/", "Android, free, without an account"),
        ("NetNewsWire", "https://netnewswire.com/", "Mac, iPhone, iPad; free"),
        ("Thunderbird", "https://www.thunderbird.net/", "Windows, Mac, Linux; beside your mail"),
        ("FreshRSS", "https://freshrss.org/", "on a server of your own or of your office"),
        ("Miniflux", "https://miniflux.app/", "on a server of your own or of your office"),
    ),
    addresses="Addresses",
    addresses_text="Opened in a browser they show a page for people; a feed reader that asks for the same address gets the feed.",
    address_list=(
        ("{feed}", "the page of a category"),
        ("{feed}.rss", "its feed as RSS, which every reader knows"),
        ("{feed}.atom", "as Atom"),
        ("{feed}.json", "as JSON Feed"),
        ("{feed}.rss?format=xml", "always the feed, also in a browser"),
        ("{base}/feeds/{source}.rss", "all categories of a source"),
        ("{base}/opml", "the list of all feeds, to be imported into a reader"),
    ),
    choices="Choosing",
    choices_text="Put after the address; each choice is a feed of its own, and & joins several.",
    choice_list=(
        ("{feed}.rss?q=sat+lo", "only news with all of these words; accents do not matter"),
        ("{feed}.rss?limit=20", "the newest 20; from 1 to 100, otherwise 50"),
        ("{feed}.rss?since=2026-11-01", "only news from this day on"),
        ("{feed}.rss?media=video", "only news with a video; image, audio and document do as well"),
    ),
    often="How often to ask?",
    often_text=(
        "For those who set up a reader: ask once an hour at most, with a condition (If-None-Match or If-Modified-Since); while nothing is new the answer is a few hundred bytes. A reader that cannot ask with a condition should ask once a day. Who asks too often is answered 429, with the time to wait.",
        "To have the news at once without asking: a feed that names a hub can be subscribed to by WebSub.",
    ),
)

GUIDES: Mapping[Language, Guide] = MappingProxyType({"vi": VI, "en": EN})
