"""Our addresses in the place of the portal's: in media and markup, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.allowed import allowed, is_allowed
from feedsvc.copied import MOST, pictures_of, with_copies
from feedsvc.model import Copy, Item, MediaObject

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = "https://feeds.example.org/tin"
A, B = "https://suoibac.example.org/anh/a.jpg?w=1&h=2", "http://suoibac.example.org/anh/lễ hội.png"
NAME_A, NAME_B, SMALL = f"{'a' * 64}.jpg", f"{'b' * 64}.png", f"{'c' * 64}.webp"
COPIES = {
    A: Copy(url=A, name=NAME_A, mime="image/jpeg", length=10, width=900, height=600, small=SMALL, small_length=3),
    B: Copy(url=B, name=NAME_B, mime="image/png", length=20, width=90, height=60),
}


def item(html="", *media, **more):
    """An item with this text and these media."""
    plain = Item(
        keys=("url:suoibac.example.org/1",), source="suoi-bac", url="https://suoibac.example.org/1", title="Chợ phiên",
        first_seen=NOW, shown=NOW, updated=NOW, html=html, media=media,
    )  # fmt: skip
    return replace(plain, **more)


def image(url, **more):
    """A picture."""
    return MediaObject(url=url, kind="image", **more)


def test_a_picture_becomes_ours_whole():
    """Address, type, length, size and thumbnail are those of the copy; the caption stays."""
    before = image(A, mime="image/png", length=1, width=1, height=1, caption="Chợ phiên", title="a")
    (after,) = with_copies(item("", before), COPIES, ROOT).media
    assert after == image(
        f"{ROOT}/media/{NAME_A}", mime="image/jpeg", length=10, width=900, height=600, caption="Chợ phiên", title="a",
        thumbnail=f"{ROOT}/media/{SMALL}",
    )  # fmt: skip


def test_a_small_picture_needs_no_thumbnail():
    """Where there is no smaller rendition none is named, or the picture itself where there was one."""
    plain, with_small = image(B), image(B, thumbnail="https://x.example/b-nho.png")
    assert with_copies(item("", plain), COPIES, ROOT).media[0].thumbnail is None
    assert with_copies(item("", with_small), COPIES, ROOT).media[0].thumbnail == f"{ROOT}/media/{NAME_B}"


def test_a_film_keeps_its_address():
    """Of a film only the picture that stands for it becomes ours; of a document nothing does."""
    film = MediaObject(url="https://x.example/a.mp4", kind="video", thumbnail=A, length=5)
    paper = MediaObject(url=B, kind="document")
    shown = with_copies(item("", film, paper), COPIES, ROOT)
    assert shown.media == (replace(film, thumbnail=f"{ROOT}/media/{SMALL}"), paper)


def test_markup_shows_our_addresses():
    """Pictures in the text and stills of films are ours; links, other pictures and the rest stay to the byte."""
    html = (
        f'<p>Trước <a href="{escape(A)}">xem <img alt="a &gt; b" src="{escape(A)}" width="5"></a> sau {A}</p>'
        f'<video controls="" poster="{B}" src="https://x.example/a.mp4"></video><img src="https://x.example/c.jpg">'
    )
    ours = f"{ROOT}/media/{NAME_A}", f"{ROOT}/media/{NAME_B}"
    assert with_copies(item(html), COPIES, ROOT).html == html.replace(f'src="{escape(A)}"', f'src="{ours[0]}"').replace(
        f'poster="{B}"', f'poster="{ours[1]}"'
    )


def test_renditions_of_the_portal_go():
    """A srcset would outrank our picture: what of it is ours stays, the rest goes."""
    html = f'<img src="{escape(A)}" srcset="{escape(A)} 1x, https://x.example/gap-doi.jpg 2x"><img src="{B}" srcset="c.png 2x">'
    assert with_copies(item(html), COPIES, ROOT).html == (
        f'<img src="{ROOT}/media/{NAME_A}" srcset="{ROOT}/media/{NAME_A} 1x"><img src="{ROOT}/media/{NAME_B}">'
    )


def test_text_that_looks_like_markup_is_text():
    """Addresses in values of other attributes, and in text, are not touched."""
    html = f'<img alt="x src=" src="https://x.example/c.jpg"><p>&lt;img src="{A}"&gt; {A}</p><td title="{escape(A)}">'
    assert with_copies(item(html, image(B)), COPIES, ROOT).html == html


def test_without_copies_an_item_is_itself():
    """Nothing is made anew where there is nothing of ours."""
    one = item(f'<img src="{escape(A)}">', image(A))
    assert with_copies(one, {}, ROOT) is one
    assert with_copies(one, {B: COPIES[B]}, ROOT) is one


def test_all_pictures_are_known_once():
    """Pictures, thumbnails and those in the text, each once and in order; files of dropped documents are ours already."""
    one = item(
        f'<img src="{escape(A)}"><img src="https://x.example/c.jpg">', image(A), image("data:image/png,x", thumbnail=B)
    )
    assert pictures_of(one) == (A, B, "https://x.example/c.jpg")
    assert pictures_of(replace(one, keys=("doc:tin-tuc/a.docx",))) == ()
    assert pictures_of(item("", image("https://documents.invalid/a/b.jpg"))) == ()
    many = item("", *(image(f"https://x.example/{n}.jpg") for n in range(MOST + 5)))
    assert len(pictures_of(many)) == MOST


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(alphabet='<>="& abimgsrc/'))
def test_any_text_comes_through(alt, text):
    """Whatever clean markup holds, only the address of the picture changes."""
    html = allowed(f'<p>{escape(text)}</p><img alt="{escape(alt)}" src="{escape(A)}"><p>{text}</p>')
    shown = with_copies(item(html), COPIES, ROOT).html
    assert shown == html.replace(f'src="{escape(A)}"', f'src="{ROOT}/media/{NAME_A}"')
    assert is_allowed(shown) == is_allowed(html)
