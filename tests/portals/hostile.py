"""A portal of many hosts, each hostile in its own way, beside one that means well; and a canary that nobody may visit.

Hosts are names under `.hostile.example`, all on one port of 127.0.0.1: the Host field tells the case (hostile_cases).
`phase` is switched by `POST /__control` on any host, with one of PHASES as the body: in "calm" all mean well, in
"hostile" each does what its line says, in "well" all mean well again, with one more article.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

from fakes.hostile import HostilePortal, Reply, Visit, message, plain
from portals.hostile_case import LIST, Case
from portals.hostile_cases import CASES
from portals.hostile_pages import article, line, listing, title_of
from portals.hostile_payloads import PAYLOADS
from portals.hostile_replies import page

DOMAIN = "hostile.example"
PHASES = ("calm", "hostile", "well")
MORE = {"calm": 0, "hostile": 2, "well": 3}
GOOD = Case("lang-yen", "listing", "means well", "unchanged", size=12)
SCRIPTS = Case(
    "scripts",
    "title, lead, body, caption, writer, file name",
    "each of the scripts once",
    "ok",
    size=len(PAYLOADS),
    fresh=True,
)
_NUMBER = re.compile(r"/tin-tuc/viec-so-(\d+)")


def scripted(number: int) -> bytes:
    """An article with one of the scripts in every place."""
    script = PAYLOADS[number - 1]
    body = (
        f"<figure><img src='/anh-{number}.jpg' alt=\"{script}\" width=640 height=400><figcaption>Ảnh {script}</figcaption></figure>"
        f'<p>{script}</p><p><a href="/tep/{script.replace("/", "")}.pdf">Văn bản {script}</a></p>'
    )
    return article(
        number, title=f"{title_of(number)} {script}", lead=f"Lời dẫn {script}", body=body, author=f"Hà My {script}"
    )


@dataclass
class HostilePortals(HostilePortal):
    """Start it with `async with`; `canary_port` takes the place of {port} in what the cases say."""

    phase: str = "calm"
    canary_port: int = 0
    cases: dict[str, Case] = field(default_factory=lambda: {case.name: case for case in (*CASES, GOOD, SCRIPTS)})

    def home(self, case: Case) -> str:
        """The address of a case."""
        return f"http://{case.name}.{DOMAIN}:{self.port}/"

    def listed(self, case: Case) -> int:
        """How many articles a case has published by now."""
        return case.size + (0 if case in {GOOD, SCRIPTS} else MORE[self.phase])

    async def _answer(self, visit: Visit, writer: asyncio.StreamWriter) -> None:
        self.visits.append(visit)
        if visit.target == "/__control":
            self.phase = visit.body.decode()
            writer.write(message(204))
            return
        name = visit.headers.get("host", "").partition(".")[0]
        case = self.cases.get(name)
        reply = self._reply(case, visit.target.partition("?")[0]) if case else plain(404)
        # Cancelled at the end of the test: Python 3.11 would tell of each connection that was still served.
        with suppress(asyncio.CancelledError):
            await reply(self, visit, _Canary(writer, self.canary_port))  # type: ignore[arg-type]
            await writer.drain()

    def _reply(self, case: Case, path: str) -> Reply:
        hostile = self.phase == "hostile" or (case.fresh and self.phase == "calm")
        if case.always and self.phase == "well" and path == LIST:
            return self._lying(case)
        if hostile and path in case.answers:
            return case.answers[path]
        return self._honest(case, path, 2 if hostile and case.fresh and case is not SCRIPTS else 0)

    def _lying(self, case: Case) -> Reply:
        async def reply(portal: HostilePortal, visit: Visit, writer: asyncio.StreamWriter) -> None:
            asked = "if-none-match" in visit.headers
            await (case.answers[LIST] if asked else self._honest(case, LIST, 0))(portal, visit, writer)

        return reply

    def _honest(self, case: Case, path: str, more: int) -> Reply:
        count = max(self.listed(case), case.size + more)
        if path == LIST:
            lines = (
                line(n, title=f"{title_of(n)} {PAYLOADS[n - 1]}" if case is SCRIPTS else "")
                for n in range(count, 0, -1)
            )
            return page(listing(lines))
        found = _NUMBER.fullmatch(path)
        if not found or int(found[1]) > count:
            return plain(404)
        return page(scripted(int(found[1])) if case is SCRIPTS else article(int(found[1])))


class _Canary:
    """A writer that fills in the canary's port."""

    def __init__(self, writer: asyncio.StreamWriter, port: int) -> None:
        self._writer, self._port = writer, str(port).encode()

    def write(self, data: bytes) -> None:
        """Sends, unless it is large (no address stands in there)."""
        if len(data) < 100_000 and b"{port}" in data:
            head, _, body = data.partition(b"\r\n\r\n")
            body = body.replace(b"{port}", self._port)
            head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head).replace(
                b"{port}", self._port
            )
            data = head + b"\r\n\r\n" + body
        self._writer.write(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)
