"""A portal for tests that kill: it publishes, edits, moves and breaks while it is asked, and knows what it ever said.

One port answers both http and https, under cong.example and www.cong.example (`resolving` leads both to 127.0.0.1).
`POST /__control` with a JSON object switches it; what can be switched are the methods named in MODES.
"""

import json
import random
import re
import secrets
import socket
import ssl
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

HOST = "cong.example"
CERTIFICATE = Path(__file__).with_name("town.pem")
CATEGORIES = ("tin-tuc", "van-hoa")
PER_PAGE = 10
ZONE = timezone(timedelta(hours=7))
SPELLINGS = {
    "plain": "http://cong.example:{port}{path}",
    "https": "https://cong.example:{port}{path}",
    "www": "http://www.cong.example:{port}{path}",
    "session": "http://cong.example:{port}{path};jsessionid={hex}",
    "query session": "http://cong.example:{port}{path}?PHPSESSID={hex}",
    "tracking": "http://cong.example:{port}{path}?utm_source=zalo&fbclid={dice}",
    "slash": "http://cong.example:{port}{path}/",
    "escapes": "http://cong.example:{port}{lower}",
}
FAULTS = ("empty", "short", "login", "500", "503", "404", "cut", "hang up")
WHO = (
    "bà con người Dao", "đội dân quân xã", "các em học sinh trường nội trú", "hội phụ nữ bản Pho", "tổ hợp tác trồng mận",
    "đoàn bác sĩ tình nguyện", "thợ rèn già làng Lao", "ban quản lý chợ phiên", "nhóm thanh niên xung kích", "gia đình ông Tả",
    "trạm kiểm lâm đầu nguồn", "câu lạc bộ hát then", "lớp xóa mù chữ buổi tối",
)  # fmt: skip
WHAT = (
    "khánh thành nhà văn hóa", "trồng thêm rừng đầu nguồn", "sửa cầu treo qua suối", "mở lớp dạy dệt thổ cẩm",
    "bàn giao con đường vào bản", "thi đấu vật ngày hội", "đón khách thăm vườn hồng", "khám bệnh không lấy tiền",
    "tìm được đàn trâu lạc", "phát hạt giống ngô mới", "dựng lại cọn nước",
)  # fmt: skip
WHERE = (
    "bên bờ suối Đôi", "trên đỉnh dốc Ba Tầng", "cạnh chợ cũ", "sau sân vận động thị trấn", "giữa cánh đồng Mường Thanh",
    "ở ngã ba cây gạo", "dưới chân núi Hàm Rồng",
)  # fmt: skip
HOW = (
    "trong tiếng khèn vang cả thung lũng", "mặc cho mưa phùn suốt buổi sáng", "với số tiền do mỗi hộ góp một ít",
    "sau nhiều tháng chờ vật liệu từ miền xuôi", "trước sự chứng kiến của già làng", "bằng sức người là chính",
    "và ai nấy đều ở lại ăn bữa cơm chung", "theo cách mà cha ông đã làm từ thuở trước", "dù đường còn trơn và khó đi",
)  # fmt: skip


def sentence(dice: random.Random) -> str:
    """A sentence of the town's life."""
    return f"{dice.choice(WHO)} {dice.choice(WHAT)} {dice.choice(WHERE)} {dice.choice(HOW)}"


@dataclass
class Article:
    """One article: what it is, and what became of it; `address` is the number in its address, in general its own.

    `undated`: it was listed without a date once, so that its readers may not know its day.
    """

    number: int
    category: str
    day: datetime
    address: int
    names: int = 0
    edits: int = 0
    also: bool = False
    gone: bool = False
    undated: bool = False

    @property
    def title(self) -> str:
        """Its headline as of now."""
        dice = random.Random(self.number)
        told = f"Thôn số {self.number}: {dice.choice(WHO)} {dice.choice(WHAT)} {dice.choice(WHERE)}"
        return told + f" (cập nhật lần {self.names})" * bool(self.names)

    @property
    def lead(self) -> str:
        """What the list says of it."""
        return f"{sentence(random.Random(1000 + self.number))}.".capitalize()

    @property
    def paragraphs(self) -> list[str]:
        """Its text as of now: each correction adds a paragraph."""
        dice = random.Random(1000 + self.number)
        told = [f"{sentence(dice)}.".capitalize() for _ in range(7)]
        more = [
            f"Đính chính lần {n} của thôn số {self.number}: việc bắt đầu lúc {n % 24} giờ, {dice.choice(HOW)}."
            for n in range(1, self.edits + 1)
        ]
        return [told[0], " ".join(told[1:4]), " ".join(told[4:]), *more]

    @property
    def slug(self) -> str:
        return f"đường-vào-thôn-{self.number}"


@dataclass
class Town:
    """The portal; `served` counts requests, `reached` the modes in which a list was served."""

    articles: dict[int, Article] = field(default_factory=dict)
    spelling: str = "plain"
    design: int = 0
    form: str = "NFC"
    dates: str = "given"
    shift: int = 0
    order: int = 0
    fault: str = ""
    served: int = 0
    pending: set[str] = field(default_factory=set)
    reached: Counter[str] = field(default_factory=Counter)
    lock: threading.RLock = field(default_factory=threading.RLock)
    asked: list[tuple[str, str]] = field(default_factory=list)
    opened: Callable[[str], None] = lambda _path: None
    began: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=40))

    # What it does ----------------------------------------------------------------------------------------------------

    def publish(self, count: int = 1, category: str = "tin-tuc") -> list[Article]:
        """New articles, an hour apart."""
        with self.lock:
            first = max(self.articles, default=0) + 1
            new = [Article(n, category, self.began + timedelta(hours=n), n) for n in range(first, first + count)]
            self.articles |= {one.number: one for one in new}
            return self.done("publish", new)

    def edit(self, number: int) -> Article:
        """Corrects the body."""
        with self.lock:
            self.articles[number].edits += 1
            return self.done("edit", self.articles[number])

    def rename(self, number: int) -> Article:
        """Changes the headline."""
        with self.lock:
            self.articles[number].names += 1
            return self.done("rename", self.articles[number])

    def delete(self, number: int) -> Article:
        """Takes an article off."""
        with self.lock:
            self.articles[number].gone = True
            return self.done("delete", self.articles[number])

    def list_twice(self, number: int) -> Article:
        """Shows an article in the other category too."""
        with self.lock:
            self.articles[number].also = True
            return self.done("second category", self.articles[number])

    def reuse(self, number: int) -> Article:
        """Puts a new article at the address of an old one; its day is none that another article ever had (I16)."""
        with self.lock:
            old = self.articles[number]
            old.gone = True
            (new,) = self.publish(1, old.category)
            new.day -= timedelta(days=60)
            new.address = old.address
            return self.done("same link", new)

    def spell(self, spelling: str) -> None:
        """Writes the addresses of articles in another way."""
        with self.lock:
            self.spelling = spelling
            self.done(spelling, None)

    def redesign(self) -> None:
        """The other design, with other addresses."""
        with self.lock:
            self.design = 1 - self.design
            self.done("redesign", None)

    def write(self, form: str) -> None:
        """Writes all texts in another Unicode form."""
        with self.lock:
            self.form = form
            self.done(form, None)

    def date(self, dates: str) -> None:
        """Dates: "given", "none", or "daily", which is another day at each call."""
        with self.lock:
            self.dates, self.shift = dates, self.shift + 1
            self.done({"given": "given dates", "none": "no date", "daily": "new date"}[dates], None)

    def reorder(self, seed: int) -> None:
        """The order of the newest ten; 0 for the usual one."""
        with self.lock:
            self.order = seed
            self.done("reorder", None)

    def break_(self, fault: str) -> None:
        """Answers badly, in one of FAULTS; "" well again."""
        with self.lock:
            self.fault = fault
            if fault:
                self.done(fault, None)

    def done(self, mode: str, what):
        """Notes a mode as reached as soon as a list is served in it."""
        self.pending.add(mode)
        return what

    # What it answers -------------------------------------------------------------------------------------------------

    def listed(self, category: str) -> list[Article]:
        """The articles of a category as its list has them."""
        found = [one for one in self.articles.values() if not one.gone and (one.category == category or one.also)]
        found.sort(key=lambda one: -one.number)
        top, rest = found[:PER_PAGE], found[PER_PAGE:]
        if self.order:
            random.Random(self.order).shuffle(top)
        return top + rest

    def answer(self, port: int, path: str, query: str) -> tuple[int, str, bytes]:
        """Status, type and body."""
        with self.lock:
            self.served += 1
            if path in {"/robots.txt", "/favicon.ico"}:
                return 404, "text/plain", b""
            if path.startswith("/anh/"):
                return 200, "image/jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 2000
            category = path.strip("/")
            if category in CATEGORIES:
                self.reached.update(self.pending)
                self.pending.clear()
                page = int((re.search(r"trang=(\d+)", query) or [0, 1])[1])
                return self.formed(self.spoiled() or self.listing(port, category, page))
            found = re.search(r"-1(\d{6})", path)
            wanted = int(found[1]) if found else -1
            one = next((a for a in self.articles.values() if a.address == wanted and not a.gone), None)
            well = (200, self.page(one)) if one else (404, "<p>Không tìm thấy trang.</p>")
            return self.formed((self.fault in {"500", "503"} and self.spoiled()) or well)

    def formed(self, told: tuple[int, str]) -> tuple[int, str, bytes]:
        status, text = told
        return status, "text/html; charset=utf-8", unicodedata.normalize(self.form, text).encode()

    def spoiled(self) -> tuple[int, str] | None:
        if self.fault in {"500", "503", "404"}:
            return int(self.fault), "<h1>Máy chủ gặp lỗi</h1>"
        if self.fault == "login":
            return 200, "<h1>Đăng nhập</h1><form>Tên <input name=u> Mật khẩu <input type=password name=p></form>"
        return None

    def listing(self, port: int, category: str, page: int) -> tuple[int, str]:
        found = self.listed(category)
        found = {"empty": found[:0], "short": found[:2]}.get(self.fault, found)
        here = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        for one in here:
            one.undated |= not self.dated(one)
        more = f"/{category}?trang={page + 1}" if page * PER_PAGE < len(found) else ""
        row = self.card if self.design else self.line
        rows = "".join(row(port, one) for one in here)
        pager = f'<div class="pager"><a rel="next" href="{more}">Trang sau</a></div>' if more else ""
        frame = '<div class="the-tin">{}</div>' if self.design else '<ul class="danh-sach">{}</ul>'
        return (
            200,
            f"<!doctype html><html lang=vi><head><title>Tin tức</title></head><body><h1>Tin tức</h1>{frame.format(rows)}{pager}</body></html>",
        )

    def line(self, port: int, one: Article) -> str:
        return f'<li><h3><a href="{self.link(port, one)}">{one.title}</a></h3>{self.dated(one)}<p>{one.lead}</p></li>'

    def card(self, port: int, one: Article) -> str:
        link = self.link(port, one)
        return f'<div class="the"><a class="anh" href="{link}"><img src="/anh/{one.number}.jpg" width=320 height=200 alt=""></a><div class="chu"><a href="{link}"><strong>{one.title}</strong></a>{self.dated(one)}</div></div>'

    def link(self, port: int, one: Article) -> str:
        path = f"/{('bai-viet', 'tin')[self.design]}/{quote(one.slug)}-{1_000_000 + one.address}.html"
        lower = re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), path)
        spelled = SPELLINGS[self.spelling]
        return spelled.format(
            port=port, path=path, lower=lower, dice=random.randrange(10**6), hex=secrets.token_hex(16)
        )

    def dated(self, one: Article) -> str:
        """Its day as of now; one at the address of another always tells its own, as nothing else does (I16)."""
        dates = "given" if one.address != one.number else self.dates
        if dates == "none":
            return ""
        day = one.day + (timedelta(days=self.shift % 20) if dates == "daily" else timedelta())
        return f'<span class="ngay">{day.astimezone(ZONE):%d/%m/%Y %H:%M}</span>'

    def page(self, one: Article) -> str:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
        shape = ('<div class="noi-dung">{}</div>', '<article class="bai"><section>{}</section></article>')[self.design]
        return (
            f"<!doctype html><html lang=vi><head><title>{one.title}</title></head><body><h1>{one.title}</h1>{self.dated(one)}"
            f"{shape.format(text)}<p class=duoi>Cổng thông tin xã</p></body></html>"
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        path = unquote(path)
        self.server.town.opened(path)
        status, kind, body = self.server.town.answer(self.server.server_port, path, query)
        fault = self.server.town.fault
        if fault == "hang up" and not path.startswith("/robots"):
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault == "cut" and kind.startswith("text/html"):
            body, self.close_connection = body[: len(body) // 2], True
        self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for name, value in order.items():
            getattr(self.server.town, name)(*(value if isinstance(value, list) else [value]))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Answers http and https on one port of 127.0.0.1, told apart by the first byte."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, town: Town, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.town = town
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(CERTIFICATE)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def finish_request(self, request: socket.socket, client_address) -> None:
        try:
            request.settimeout(60)
            if request.recv(1, socket.MSG_PEEK) == b"\x16":
                request = self.tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
        except OSError:  # whoever asked was killed
            pass
        finally:
            request.close()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()
