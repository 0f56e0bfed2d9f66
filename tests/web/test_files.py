"""Readers get the files of dropped documents under addresses of ours, and no other file of the machine."""

from fakes import papers

from feedsvc.dropped import address_of
from feedsvc.model import MediaObject

FILE = "ho-so/kế hoạch.docx"
PICTURE = f"{FILE}/word/media/image1.png"


def publish(world):
    """Stores an item of a Word file that lies in the folder; its number."""
    folder = world.service.config.folder / "ho-so"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kế hoạch.docx").write_bytes(papers.word_file())
    (folder / "mat.pdf").write_bytes(b"%PDF-1.4")
    media = (
        MediaObject(url=address_of(PICTURE), kind="image", mime="image/png", length=len(papers.picture())),
        MediaObject(url=address_of(FILE), kind="document", mime="application/octet-stream", title="kế hoạch.docx"),
    )
    shown = f'<figure><img src="{address_of(PICTURE)}" alt=""></figure><p>Kế hoạch</p>'
    world.publish("suoi-bac/tin-tuc", 1, url="", media=media, html=shown, keys=(f"doc:{FILE}",))
    (item,) = world.service.feed("suoi-bac/tin-tuc").items
    return item


def test_addresses_are_ours_everywhere(make_world):
    """Feeds and the item's page name the files below the item; no stand-in is ever shown."""
    world = make_world()
    item = publish(world)
    base = f"https://feeds.example.org/items/{item.number}/files/k%E1%BA%BF%20ho%E1%BA%A1ch.docx"
    assert [one.url for one in item.media] == [f"{base}/word/media/image1.png", base]
    assert item.url == f"https://feeds.example.org/items/{item.number}"
    client = world.client()
    for path in (f"/items/{item.number}", "/feeds/suoi-bac/tin-tuc.rss", "/feeds/suoi-bac/tin-tuc.json"):
        text = client.get(path).get_data(as_text=True)
        assert f"{base}/word/media/image1.png" in text
        assert "documents.invalid" not in text


def test_files_are_given_with_type_and_validator(make_world):
    """A picture is shown, a Word file saved; a second request costs nothing, and a range is a range."""
    world = make_world()
    item = publish(world)
    client, base = world.client(), f"/items/{item.number}/files/kế hoạch.docx"
    picture = client.get(f"{base}/word/media/image1.png")
    assert (picture.status_code, picture.mimetype, picture.data) == (200, "image/png", papers.picture())
    assert picture.headers["Content-Disposition"].startswith("inline")
    again = client.get(f"{base}/word/media/image1.png", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304
    part = client.get(f"{base}/word/media/image1.png", headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.data) == (206, b"PNG")
    file = client.get(base)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_else_is_given(make_world):
    """Files that no item names, names that lead elsewhere and items that are not there answer 404."""
    world = make_world()
    number = publish(world).number
    client = world.client()
    for name in ("mat.pdf", "../mat.pdf", "%2e%2e/mat.pdf", "kế hoạch.docx/word/document.xml", "/etc/passwd", "x"):
        assert client.get(f"/items/{number}/files/{name}").status_code == 404
    assert client.get(f"/items/{number + 9}/files/kế hoạch.docx").status_code == 404


def test_a_file_that_is_gone_says_so(make_world):
    """When a person moves the document away, its address answers 404, and the item stays."""
    world = make_world()
    number = publish(world).number
    (world.service.config.folder / FILE).unlink()
    client = world.client()
    assert client.get(f"/items/{number}/files/kế hoạch.docx").status_code == 404
    assert client.get(f"/items/{number}").status_code == 200
