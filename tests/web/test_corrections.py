"""The page of an item that was corrected, and of one that its portal withdrew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from feedsvc.model import CategoryState, PollResult, Seen

HOUR = 3600


def soup(client, address="/items/1", **headers):
    """The page at an address."""
    return BeautifulSoup(client.get(address, headers=headers).get_data(as_text=True), "lxml")


def correct(world, item, **changes):
    """Stores a correction an hour later; gives the item as it is now."""
    world.clock.pass_time(HOUR)
    now = replace(item, updated=world.clock.now, revision=item.revision + 1, **changes)
    world.poll("suoi-bac/tin-tuc", changed=(now,))
    return now


def withdraw(world, item, *, gone=True):
    """Stores that an item is gone from its portal, or back."""
    (claim,) = world.service.store.claim_due(world.clock.now, 1, owner="test", only=("suoi-bac", "tin-tuc"))
    at = world.clock.now if gone else None
    world.service.store.save(
        PollResult(
            source="suoi-bac", category="tin-tuc", token=claim.token, started=world.clock.now,
            finished=world.clock.now, outcome="ok", state=CategoryState(),
            seen=(Seen(id=item.id, looked=world.clock.now, missing=at, withdrawn=at),),
        )
    )  # fmt: skip


@pytest.fixture
def item(make_world):
    """A service with one item, and that item."""
    world = make_world()
    (one,) = world.publish("suoi-bac/tin-tuc", 1, text="Trời trong.\n\nLễ khai mạc lúc chín giờ.\n\nMời bà con.")
    return world, one


def test_an_item_that_was_never_corrected_tells_of_no_versions(item):
    """There is no section of corrections where there were none."""
    world, _ = item
    assert not soup(world.client()).select(".corrections")


def test_a_correction_is_told_in_words(item):
    """The page shows what was left out and what came, in the text around it, and what the article said before."""
    world, one = item
    before = one.updated
    correct(world, one, title="Hội hoa mận", text=one.text.replace("chín", "tám"))
    section = soup(world.client()).select_one("section.corrections")
    assert section.h2.text == "Các lần sửa"
    assert (
        section.details.summary.time["datetime"]
        == before.astimezone(world.service.sources["suoi-bac"].timezone).isoformat()
    )
    assert one.title in section.details.text
    assert one.summary in section.details.text
    last = section.select("p")[-1]
    assert [tag.name for tag in last.find_all(["del", "ins"])] == ["del", "ins"]
    for unseen in last.select(".unseen"):
        unseen.extract()
    assert (last.find("del").text.strip(), last.find("ins").text.strip()) == ("chín", "tám")
    assert "Lễ khai mạc lúc" in last.text
    assert "Trời trong" not in last.text


@pytest.mark.parametrize(("lang", "words"), [("vi", ("đã bỏ", "thêm vào")), ("en", ("left out", "added"))])
def test_what_changed_can_be_heard(item, lang, words):
    """Whoever sees no colours and no lines is told in words what went and what came, in the language of the page."""
    world, one = item
    correct(world, one, text=one.text.replace("chín", "tám"))
    page = soup(world.client(), f"/items/1?lang={lang}")
    heard = [page.select_one(f".corrections {tag} .unseen") for tag in ("del", "ins")]
    assert all(word in told.text for told, word in zip(heard, words, strict=True))
    assert {told["lang"] for told in heard} == {lang}


def test_a_correction_with_markup_is_text(item):
    """Whatever a portal writes into its words, the comparison shows it as text."""
    world, one = item
    correct(
        world, one, title="<script>alert(1)</script>", summary="</del><img src=x onerror=alert(1)>", text="<b>x</b>"
    )
    page = soup(world.client())
    assert not page.select(".corrections script, .corrections img, .corrections b")
    assert "<script>alert(1)</script>" in page.select_one(".corrections").text


def test_many_corrections_keep_the_page_small(item):
    """The last twenty are shown, the latest first, and older ones counted."""
    world, one = item
    for number in range(25):
        one = correct(world, one, text=f"Bản sửa thứ {number}.")
    page = soup(world.client())
    assert [details.summary.text.split(" · ")[0] for details in page.select(".corrections details")] == [
        f"Bản {number}" for number in range(25, 5, -1)
    ]
    assert "5 bản cũ hơn" in page.select_one(".corrections > p").text


def test_the_comparison_needs_no_script(item):
    """What opens and closes it is of the page itself."""
    world, one = item
    correct(world, one, text="Khác.")
    page = soup(world.client())
    assert page.select(".corrections details > summary")
    assert not page.select("script")


def test_a_withdrawn_item_is_gone_from_its_page(item):
    """Its page answers 410, says that the portal has withdrawn it, and tells nothing of what it said; then it is back."""
    world, one = item
    client = world.client()
    withdraw(world, one)
    answer = client.get("/items/1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 410
    assert "cổng thông tin gỡ bỏ" in page
    assert "withdrawn" in page
    assert one.title not in page
    assert "2026" not in page
    assert client.get("/items/1/files/ke-hoach.pdf").status_code == 410
    world.clock.now += timedelta(hours=1)
    withdraw(world, one, gone=False)
    assert client.get("/items/1").status_code == 200
