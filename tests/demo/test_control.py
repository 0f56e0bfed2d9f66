"""The switches: publishing, correcting, withdrawing, spoiling, and the report about it all."""

from __future__ import annotations

import re
import threading
from itertools import count
from pathlib import Path

import pytest

from feedsvc import demo
from feedsvc.demo import PortalState, create_portal
from feedsvc.demo.state import MODES


def text(answer):
    """The body as text."""
    return answer.get_data(as_text=True)


def test_published_articles_come_first_dated_now(client, order, now):
    """Published articles appear at the top of their list, dated by the clock, with answering addresses."""
    done = order(publish=3, category="thong-bao")["done"]
    assert len(done) == 3
    page = text(client.get("/thong-bao"))
    for article in done:
        assert article["published"] == now.replace(second=0).isoformat()
        assert page.index(article["title"]) < page.index("Thông báo lịch cắt điện")
        assert all(client.get(address).status_code == 200 for address in article["addresses"])


def test_a_batch_is_spread_over_the_categories_and_time(order, now):
    """Without a category the three take turns; minutes_apart dates all but the newest back."""
    done = order(publish=6, minutes_apart=10)["done"]
    assert {article["category"] for article in done} == {"tin-tuc", "kinh-te-xa-hoi", "thong-bao"}
    assert len({article["published"] for article in done}) == 6
    assert max(article["published"] for article in done) == now.replace(second=0).isoformat()


def test_the_reserve_is_large_and_ends_with_a_word(client, order, report):
    """Sixty more articles can be published at once; asking for more than there are is refused, and changes nothing."""
    order(publish=60)
    left = report()["reserve_left"]
    answer = client.post("/__control", json={"publish": left + 1})
    assert answer.status_code == 400
    assert str(left) in answer.json["error"]
    assert report()["reserve_left"] == left


def test_a_correction_is_seen(client, order):
    """The corrected article keeps its addresses and shows a new title, a new paragraph and the time of the change."""
    done = order(correct=True)["done"][0]
    page = text(client.get(done["addresses"][0]))
    assert done["title"].endswith("(cập nhật)")
    assert done["title"] in page
    assert "Đính chính:" in page
    assert "Cập nhật lúc: 19:24 | 23/11/2026" in page
    assert order(correct=True)["done"][0]["number"] != done["number"]


def test_a_named_article_can_be_corrected_and_withdrawn(client, order, report):
    """An article chosen by either number is corrected; withdrawn, it leaves lists and both addresses."""
    article = report()["articles"][7]
    assert order(correct=article["old_number"])["done"][0]["number"] == article["number"]
    order(withdraw=article["number"])
    assert all(client.get(address).status_code == 404 for address in article["addresses"])
    assert article["title"] not in text(client.get(f"/{article['category']}"))
    assert client.post("/__control", json={"withdraw": article["number"]}).status_code == 400


def test_a_withdrawn_article_can_be_brought_back(client, order, report):
    """Restored by either number, it is where it was, with its addresses and date; what was never withdrawn is not."""
    article = report()["articles"][7]
    order(withdraw=article["number"])
    assert order(restore=article["old_number"])["done"] == [article]
    assert report()["articles"][7] == article
    assert all(client.get(address).status_code == 200 for address in article["addresses"])
    assert client.post("/__control", json={"restore": article["number"]}).status_code == 400


@pytest.mark.parametrize(
    "orders",
    [
        {"mode": "tắt"},
        {"generation": 3},
        {"special": ["x"]},
        {"publish": 1, "category": "x"},
        {"lệnh": 1},
        {"correct": 1},
    ],
)
def test_a_wrong_order_is_refused_whole(client, report, orders):
    """A wrong order is answered with 400 and its reason, and nothing was changed by it."""
    before = report()
    answer = client.post("/__control", json=orders)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert report() == before


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
def test_status_modes(client, order, status):
    """A status mode answers every page with that status; media and the control address stay."""
    order(mode=str(status))
    answer = client.get("/tin-tuc")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    assert client.get("/media/bieu-trung.png").status_code == 200
    order(mode="normal")
    assert client.get("/tin-tuc").status_code == 200


def test_a_fault_can_be_kept_to_one_category(client, order):
    """`under` limits the mode to addresses below it."""
    order(mode="404", under="/thong-bao")
    assert client.get("/thong-bao").status_code == 404
    assert client.get("/tin-tuc").status_code == 200


def test_empty_and_short_lists(client, order, report):
    """Empty lists have no item at all, short ones two; the articles themselves still answer."""
    order(mode="empty")
    assert all("<h3>" not in text(client.get(page)) for page in ("/", "/tin-tuc", "/thu-vien-anh"))
    assert "item-title" not in text(client.get("/kinh-te-xa-hoi"))
    assert client.get(report()["articles"][0]["addresses"][0]).status_code == 200
    order(mode="short")
    assert text(client.get("/tin-tuc")).count("<h3>") == 2


def test_broken_pages_end_half_way(client, order):
    """A broken page announces its whole length and sends half of it."""
    order(mode="broken")
    answer = client.get("/tin-tuc")
    assert len(answer.data) == int(answer.headers["Content-Length"]) // 2
    assert b"</html>" not in answer.data


def test_login_and_captcha_answer_200_without_news(client, order):
    """Both show a form instead of the list, with status 200."""
    for mode, word in (("login", "Vui lòng đăng nhập"), ("captcha", "không phải là người máy")):
        order(mode=mode)
        answer = client.get("/tin-tuc")
        assert answer.status_code == 200
        assert word in text(answer)
        assert "news-list" not in text(answer)


def test_a_large_page_has_no_end_in_sight(client, order):
    """A large page goes on for far more than anybody should read."""
    order(mode="large")
    with client.get("/tin-tuc", buffered=False) as answer:
        assert sum(len(part) for part, _ in zip(answer.iter_encoded(), range(200), strict=False)) > 10_000_000


def test_pictures_can_answer_html(client, order, report):
    """In this mode pictures answer 200 with a page of HTML."""
    order(mode="html-for-pictures")
    answer = client.get(f"/media/anh/{report()['articles'][0]['pictures'][0]['key']}.png")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_a_redesign_shows_the_same_content_otherwise(client, order):
    """The redesigned list has the same titles in order, but none of the old classes; new addresses with generation 2."""
    before = [article["title"] for article in order(mode="redesign", generation=2)["articles"]]
    page = text(client.get("/tin-tuc"))
    assert "news-list" not in page
    assert "card__name" in page
    shown = [title for title in before if title in page]
    assert len(shown) == 10
    assert shown == sorted(shown, key=page.index)
    assert "/1227/" not in page
    assert 'rel="next" href="?page=2"' in page
    assert text(client.get("/kinh-te-xa-hoi?page=3")).count("card__name") == 3  # the style, and two items


def test_special_articles_come_and_go(client, order):
    """Each special article has its one fault, in list and page, and is gone when switched off."""
    order(special=["control-character", "no-date", "no-title", "picture-html"])
    page = text(client.get("/tin-tuc"))
    assert "\x0b" in page
    articles = {article["number"]: article for article in order()["articles"]}
    undated = next(article for article in articles.values() if article["published"] is None)
    assert "detail-date" not in text(client.get(undated["addresses"][0]))
    untitled = next(article for article in articles.values() if not article["title"])
    assert '<h1 class="detail-title"></h1>' in text(client.get(untitled["addresses"][0]))
    assert client.get("/media/anh/anh-hong-1.png").mimetype == "text/html"
    order(special=[])
    assert "\x0b" not in text(client.get("/tin-tuc"))


def test_a_hanging_request_goes_on_when_switched_back(client, order, state):
    """A request that hangs is answered as soon as the mode changes."""
    order(mode="hang")
    entered, answers = threading.Event(), []
    wait = state.hang

    def hang(path, longest):
        entered.set()
        wait(path, longest)

    state.hang = hang
    asking = threading.Thread(target=lambda: answers.append(client.application.test_client().get("/tin-tuc")))
    asking.start()
    assert entered.wait(10)
    order(mode="normal")
    asking.join(10)
    assert answers[0].status_code == 200


def test_a_hanging_request_is_bounded(now):
    """A request that nobody frees ends by itself with 503, and at once when the portal closes."""
    state = PortalState()
    app = create_portal(clock=lambda: now, state=state, hang_seconds=0.01)
    state.switch("hang")
    assert app.test_client().get("/").status_code == 503
    state.close()
    assert create_portal(clock=lambda: now, state=state, hang_seconds=600).test_client().get("/").status_code == 503


def test_the_report_counts_requests(now):
    """Requests are counted by path and agent, with the smallest gap between two; the control address is not."""
    seconds = count(step=0.5)
    client = create_portal(clock=lambda: now, timer=lambda: next(seconds)).test_client()
    for path in ("/", "/tin-tuc", "/tin-tuc"):
        client.get(path, headers={"User-Agent": "feedsvc/0"})
    report = client.get("/__control").json
    assert report["requests"] == {"/": 1, "/tin-tuc": 2}
    assert report["agents"] == {"feedsvc/0": 3}
    assert (report["total"], report["minimum_gap"], report["most_at_once"]) == (3, 0.5, 1)
    assert client.post("/__control", json={"forget": True}).json["total"] == 0


def test_what_was_published_survives_a_restart(tmp_path, now):
    """A second start with the same state file shows the same articles; mode and counters start afresh."""
    path = tmp_path / "portal.json"
    first = create_portal(clock=lambda: now, state=PortalState(path)).test_client()
    first.post("/__control", json={"publish": 4, "generation": 2, "mode": "404", "special": ["no-date"]})
    first.post("/__control", json={"correct": True})
    before = first.post("/__control", json={"withdraw": 2_000_001}).json
    again = create_portal(clock=lambda: now.replace(day=25), state=PortalState(path)).test_client()
    after = again.get("/__control").json
    assert [after[key] for key in ("articles", "generation", "specials")] == [
        before[key] for key in ("articles", "generation", "specials")
    ]
    assert after["mode"] == "normal"
    assert [file.name for file in tmp_path.iterdir()] == ["portal.json"]


@pytest.mark.parametrize("content", ["{}", "[]", "không phải JSON", '{"releases": [1]}'])
def test_a_foreign_state_file_is_refused(tmp_path, content):
    """A file that is not the portal's own is refused with ValueError, and left as it was."""
    path = tmp_path / "portal.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError):
        PortalState(path)
    assert path.read_text(encoding="utf-8") == content


def test_two_portals_share_nothing(now, order):
    """What is switched in one portal does not show in another of the same process."""
    order(mode="404", publish=1)
    other = create_portal(clock=lambda: now).test_client()
    assert other.get("/tin-tuc").status_code == 200
    assert len(other.get("/__control").json["articles"]) == 66


def test_the_portal_stands_alone():
    """The sample portal imports nothing of feedsvc but itself: what it shows cannot follow what is read from it."""
    modules = list(Path(demo.__file__).parent.glob("*.py"))
    found = {
        name
        for path in modules
        for name in re.findall(r"^\s*(?:from|import) (feedsvc[\w.]*)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(modules) > 10
    assert all(name == "feedsvc.demo" or name.startswith("feedsvc.demo.") for name in found)


def test_every_mode_is_accepted(order):
    """All modes that the state names can be switched on by name."""
    for mode in MODES:
        assert order(mode=mode)["mode"] == mode
