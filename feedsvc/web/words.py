# ruff: noqa: E501 - a sentence stands on one line, so that the two languages can be read side by side
"""Every word that the pages say, in Vietnamese and in English. A word that lacks one of them is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. Names in braces are filled in; `mistakes` holds title and advice by status code."""

    name: str
    skip: str
    menu: str
    home: str
    status: str
    docs: str
    all_feeds: str
    footer: str
    about: str
    sources: str
    own_feeds: str
    whole_source: str
    choose: str
    follow_all: str
    follow_all_how: str
    newest: str
    no_items: str
    read_original: str
    text_let_go: str
    portal_page: str
    subscribe: str
    what_is_a_feed: str
    feed_address: str
    copy: str
    copied: str
    not_copied: str
    learn_more: str
    open_in_reader: str
    add_to: str
    own_server: str
    server_address: str
    server_example: str
    server_mistaken: str
    add_at: str
    qr_label: str
    qr_hint: str
    other_formats: str
    search: str
    search_label: str
    chosen: str
    with_words: str
    with_media: Mapping[str, str]
    since: str
    no_results: str
    all_items: str
    follow_chosen: str
    chosen_feed: str
    items: str
    page: str
    pager: str
    newer: str
    older: str
    by: str
    published: str
    corrected: str
    corrections: str
    version: str
    differs: str
    left_out: str
    added: str
    headline: str
    lead: str
    text: str
    media_differ: str
    more_differ: str
    older_versions: str
    withdrawn: str
    withdrawn_advice: str
    from_source: str
    media: str
    documents: str
    watch: str
    status_lead: str
    status_table: str
    category: str
    state: str
    outcome: str
    last_poll: str
    next_poll: str
    count: str
    newest_item: str
    problem: str
    never: str
    none: str
    failures: str
    problem_at: str
    good_since: str
    stale_feeds: str
    broken_chain: str
    searches: str
    searches_lead: str
    source: str
    last_search: str
    next_search: str
    found: str
    found_at: str
    vanished_at: str
    states: Mapping[str, str]
    alarms: str
    alarm_since: str
    alarm_reminders: str
    hosts: str
    hosts_lead: str
    host: str
    requests: str
    volume: str
    unchanged_share: str
    delay: str
    slowed: str
    robots: str
    seconds: str
    outcomes: Mapping[str, str]
    mistake: str
    mistakes: Mapping[int, tuple[str, str]]


VI = Words(
    name="Tiếng Việt",
    skip="Tới nội dung chính",
    menu="Trang",
    home="Trang chủ",
    status="Tình trạng",
    docs="Cách dùng",
    all_feeds="Tải danh sách OPML",
    footer="Tin lấy từ các cổng thông tin; bản quyền thuộc nơi đăng.",
    about="Tin mới của các cổng thông tin, gom về một nơi và theo dõi được bằng mọi trình đọc tin.",
    sources="Nguồn tin",
    own_feeds="Tin theo chủ đề",
    whole_source="Tất cả chuyên mục",
    choose="Chọn một chuyên mục để xem tin và theo dõi.",
    follow_all="Theo dõi tất cả",
    follow_all_how="Danh sách OPML có địa chỉ của mọi nguồn cấp ở đây; trình đọc tin nào cũng nhập được.",
    newest="Tin mới nhất",
    no_items="Chưa có tin nào. Tin sẽ hiện ra sau lần đọc đầu tiên.",
    read_original="Bản gốc",
    text_let_go="Nội dung bài không còn được lưu ở đây; xin xem bản gốc trên cổng.",
    portal_page="Trang của cổng thông tin",
    subscribe="Theo dõi nguồn tin này",
    what_is_a_feed="Nguồn cấp tin (feed) là một địa chỉ. Trình đọc tin tự xem lại địa chỉ ấy và đưa tin mới đến bạn. Không cần đăng ký, không cần để lại tên.",
    learn_more="Chưa có trình đọc tin?",
    feed_address="Địa chỉ để theo dõi",
    copy="Sao chép",
    copied="Đã sao chép. Hãy dán vào trình đọc tin của bạn.",
    not_copied="Địa chỉ đã được chọn: bấm Ctrl+C, hoặc nhấn giữ rồi chọn Sao chép.",
    open_in_reader="Mở bằng ứng dụng trên máy",
    add_to="Thêm vào bằng một lần bấm",
    own_server="{readers} của bạn",
    server_address="Địa chỉ máy chủ của bạn",
    server_example="Ví dụ: https://doctin.example.org",
    server_mistaken="Đây không phải địa chỉ của một máy chủ. Hãy ghi như https://doctin.example.org.",
    add_at="Thêm vào {reader} ở {host}",
    qr_label="Mã QR của địa chỉ {address}",
    qr_hint="Quét mã này để theo dõi trên điện thoại.",
    other_formats="Các dạng",
    search="Tìm",
    search_label="Tìm tin, không cần gõ dấu",
    chosen="Tin {chosen}",
    with_words="có “{words}”",
    with_media=MappingProxyType(
        {"image": "có ảnh", "video": "có video", "audio": "có âm thanh", "document": "có tài liệu"}
    ),
    since="từ {day}",
    no_results="Chưa có tin nào như vậy. Vẫn theo dõi được: khi có, tin sẽ đến với bạn.",
    all_items="Xem tất cả tin",
    follow_chosen="Theo dõi kết quả này",
    chosen_feed="Nguồn cấp tin này chỉ gồm những tin như vậy: mỗi khi có thêm, trình đọc tin sẽ đưa đến bạn.",
    items="Danh sách tin",
    page="Trang {number}",
    pager="Chuyển trang",
    newer="Tin mới hơn",
    older="Tin cũ hơn",
    by="Tác giả",
    published="Ngày đăng",
    corrected="Sửa lúc",
    corrections="Các lần sửa",
    version="Bản {number}",
    differs="Đã sửa thành bản sau",
    left_out="đã bỏ",
    added="thêm vào",
    headline="Tiêu đề",
    lead="Đoạn mở đầu",
    text="Nội dung",
    media_differ="Hình ảnh, video hoặc tài liệu kèm theo đã thay đổi.",
    more_differ="Còn {number} đoạn khác đã sửa.",
    older_versions="Còn {number} bản cũ hơn không hiện ở đây.",
    withdrawn="Bài đã được cổng thông tin gỡ bỏ",
    withdrawn_advice="Bài này từng có ở đây. Cổng thông tin đã gỡ bài, nên trang này không hiện nội dung nữa. Tin khác có trên trang chủ.",
    from_source="Theo",
    media="Hình ảnh và video",
    documents="Tài liệu kèm theo",
    watch="Xem video",
    status_lead="Mỗi chuyên mục được đọc lúc nào, kết quả ra sao, và bao giờ đọc lại.",
    status_table="Tình trạng từng chuyên mục",
    category="Chuyên mục",
    state="Tình trạng",
    outcome="Kết quả",
    last_poll="Đọc lần cuối",
    next_poll="Đọc lần tới",
    count="Số tin",
    newest_item="Tin mới nhất",
    problem="Sự cố gần nhất",
    never="chưa lần nào",
    none="không có",
    failures="{number} lần liên tiếp",
    problem_at="lúc {moment}",
    good_since="Lần đọc tốt gần nhất: {moment}",
    stale_feeds="Nguồn cấp đang hiện bản cũ",
    broken_chain='máy chủ gửi thiếu chứng thư trung gian, hệ thống tự tải về (tls = "broken-chain")',
    searches="Chuyên mục tự tìm thấy",
    searches_lead="Các nguồn tin chỉ khai trang chủ: chuyên mục được tìm trên cổng thông tin, mỗi tuần xem lại một lần. Chuyên mục không còn trên cổng vẫn giữ nguồn cấp của mình.",
    source="Nguồn tin",
    last_search="Tìm lần cuối",
    next_search="Tìm lần tới",
    found="Đã tìm thấy",
    found_at="từ {moment}",
    vanished_at="không còn trên cổng từ {moment}",
    states=MappingProxyType(
        {
            "new": "mới thêm",
            "ok": "tốt",
            "late": "im lặng quá lâu",
            "suspicious": "đáng ngờ",
            "failing": "đang lỗi",
            "paused": "tạm dừng",
        }
    ),
    alarms="Cảnh báo",
    alarm_since="từ {moment}",
    alarm_reminders="đã nhắc {number} lần",
    hosts="Hôm nay đã hỏi các cổng",
    hosts_lead="Mỗi máy chủ: số lần hỏi từ nửa đêm (UTC), dung lượng, phần không đổi, khoảng cách giữa hai lần và vì sao.",
    host="Máy chủ",
    requests="Lần hỏi",
    volume="Dung lượng",
    unchanged_share="Không đổi",
    delay="Khoảng cách",
    slowed="Bị xin chậm lại",
    robots="robots.txt",
    seconds="{number} s",
    outcomes=MappingProxyType(
        {"ok": "có tin", "unchanged": "không có gì mới", "suspicious": "đáng ngờ", "failed": "không đọc được"}
    ),
    mistake="Có điều không ổn",
    mistakes=MappingProxyType(
        {
            400: (
                "Yêu cầu không hợp lệ",
                "Máy chủ không hiểu yêu cầu này, hoặc tên máy trong địa chỉ không phải của dịch vụ. Hãy mở từ trang chủ.",
            ),
            403: (
                "Không được phép",
                "Yêu cầu này do trang của một nơi khác gửi tới, nên không được nhận. Hãy làm việc đó từ trang của dịch vụ này.",
            ),
            404: (
                "Không tìm thấy trang",
                "Ở địa chỉ này không có gì. Hãy kiểm tra lại địa chỉ, hoặc tìm chuyên mục trên trang chủ.",
            ),
            408: (
                "Quá lâu",
                "Yêu cầu này không tới trọn vẹn trong thời gian cho phép. Hãy thử lại với đường truyền tốt hơn.",
            ),
            405: (
                "Thao tác không được phép",
                "Địa chỉ này chỉ để đọc. Hãy mở bằng trình duyệt hoặc trình đọc tin.",
            ),
            410: (
                "Trang đã được gỡ",
                "Nội dung này từng có ở đây và đã được gỡ hẳn. Tin khác có trên trang chủ.",
            ),
            413: ("Yêu cầu quá lớn", "Dữ liệu gửi lên vượt mức cho phép. Hãy gửi ít hơn."),
            414: ("Địa chỉ quá dài", "Phần sau dấu hỏi của địa chỉ dài quá mức. Hãy mở lại từ trang chủ."),
            429: (
                "Quá nhiều yêu cầu",
                "Máy của bạn gửi yêu cầu quá dày. Hãy chờ một lát; trình đọc tin chỉ nên hỏi mỗi giờ một lần, kèm điều kiện (ETag).",
            ),
            500: ("Lỗi của máy chủ", "Lỗi này thuộc về dịch vụ và đã được ghi lại. Hãy thử lại sau."),
            503: ("Tạm thời chưa có", "Dữ liệu đang tạm thời không đọc được. Hãy thử lại sau ít phút."),
        }
    ),
)

EN = Words(
    name="English",
    skip="Skip to content",
    menu="Pages",
    home="Home",
    status="Status",
    docs="How to use",
    all_feeds="Download the OPML list",
    footer="News taken from the portals; all rights stay with their publishers.",
    about="The latest news of public portals in one place, for every feed reader.",
    sources="Sources",
    own_feeds="Feeds by subject",
    whole_source="All categories",
    choose="Choose a category to read and follow it.",
    follow_all="Follow everything",
    follow_all_how="The OPML list holds the address of every feed here; any feed reader can import it.",
    newest="Latest news",
    no_items="No news yet. It will appear after the first reading.",
    read_original="Original",
    text_let_go="The text is no longer kept here; the portal may still have it.",
    portal_page="Page of the portal",
    subscribe="Follow this feed",
    what_is_a_feed="A feed is an address. A feed reader looks at it again and again, and brings you what is new. There is nothing to sign up for, and no name to leave.",
    learn_more="No reader yet?",
    feed_address="Address to follow",
    copy="Copy",
    copied="Copied. Now paste it into your feed reader.",
    not_copied="The address is selected: press Ctrl+C, or hold it and choose Copy.",
    open_in_reader="Open in a reader app",
    add_to="Add it with one click",
    own_server="Your own {readers}",
    server_address="Address of your server",
    server_example="For instance https://reader.example.org",
    server_mistaken="This is not the address of a server. It should look like https://reader.example.org.",
    add_at="Add to {reader} at {host}",
    qr_label="QR code of the address {address}",
    qr_hint="Scan this code to follow on your phone.",
    other_formats="Formats",
    search="Search",
    search_label="Search, with or without accents",
    chosen="News {chosen}",
    with_words="with “{words}”",
    with_media=MappingProxyType(
        {"image": "with pictures", "video": "with video", "audio": "with sound", "document": "with documents"}
    ),
    since="since {day}",
    no_results="There is no such news yet. You can follow it all the same: it comes to you as it appears.",
    all_items="Show all news",
    follow_chosen="Follow these results",
    chosen_feed="This feed holds such news alone: a feed reader brings you more of it as it appears.",
    items="News",
    page="Page {number}",
    pager="More pages",
    newer="Newer news",
    older="Older news",
    by="Author",
    published="Published",
    corrected="Corrected",
    corrections="Corrections",
    version="Version {number}",
    differs="What the next version changed",
    left_out="left out",
    added="added",
    headline="Headline",
    lead="Lead",
    text="Text",
    media_differ="Pictures, films or attached files changed.",
    more_differ="{number} more paragraphs changed.",
    older_versions="{number} older versions are not shown here.",
    withdrawn="The portal has withdrawn this article",
    withdrawn_advice="This article was here once. Its portal has withdrawn it, so it is no longer shown. Other news is on the home page.",
    from_source="From",
    media="Pictures and videos",
    documents="Attached documents",
    watch="Watch the video",
    status_lead="When each category was read, what came of it, and when it is read again.",
    status_table="State of every category",
    category="Category",
    state="State",
    outcome="Outcome",
    last_poll="Last read",
    next_poll="Next reading",
    count="Items",
    newest_item="Newest item",
    problem="Last problem",
    never="never",
    none="none",
    failures="{number} in a row",
    problem_at="at {moment}",
    good_since="Last good reading: {moment}",
    stale_feeds="Feeds that show an old version",
    broken_chain='its server forgets intermediate certificates, which are fetched (tls = "broken-chain")',
    searches="Categories found by themselves",
    searches_lead="Sources of which only the home page is given: their categories are looked for on the portal, and again every week. A category that is gone from the portal keeps its feed.",
    source="Source",
    last_search="Last search",
    next_search="Next search",
    found="Found",
    found_at="since {moment}",
    vanished_at="gone from the portal since {moment}",
    states=MappingProxyType(
        {
            "new": "new",
            "ok": "good",
            "late": "late",
            "suspicious": "suspicious",
            "failing": "failing",
            "paused": "paused",
        }
    ),
    alarms="Alarms",
    alarm_since="since {moment}",
    alarm_reminders="reminded {number} times",
    hosts="What hosts were asked today",
    hosts_lead="For each host: requests since midnight (UTC), how much came, how much was unchanged, the pause between two requests and why.",
    host="Host",
    requests="Requests",
    volume="Volume",
    unchanged_share="Unchanged",
    delay="Pause",
    slowed="Asked to slow down",
    robots="robots.txt",
    seconds="{number} s",
    outcomes=MappingProxyType(
        {"ok": "news found", "unchanged": "nothing new", "suspicious": "suspicious", "failed": "could not be read"}
    ),
    mistake="Something is not right",
    mistakes=MappingProxyType(
        {
            400: (
                "Bad request",
                "The server does not understand this request, or the host in the address is not that of this service. Start from the home page.",
            ),
            403: (
                "Forbidden",
                "The page of another site sent this request, so it was not taken. Do it from a page of this service.",
            ),
            404: (
                "Page not found",
                "There is nothing at this address. Check it, or look for the category on the home page.",
            ),
            408: ("Too slow", "This request did not arrive whole in time. Try again over a better connection."),
            405: ("Not allowed", "This address can only be read. Open it in a browser or a feed reader."),
            410: ("Gone", "This was here once and has been removed for good. Other news is on the home page."),
            413: ("Request too large", "More data was sent than is allowed. Send less."),
            414: ("Address too long", "The part after the question mark is too long. Start again from the home page."),
            429: (
                "Too many requests",
                "Your computer asks too often. Wait a while; feed readers should ask conditionally (ETag), once an hour.",
            ),
            500: ("Server error", "The fault is ours and has been recorded. Try again later."),
            503: ("Not available just now", "The data cannot be read at the moment. Try again in a few minutes."),
        }
    ),
)

CATALOGUES: Mapping[Language, Words] = MappingProxyType({"vi": VI, "en": EN})
DEFAULT: Language = "vi"
