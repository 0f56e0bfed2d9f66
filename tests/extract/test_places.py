import lxml.html
import pytest

from feedsvc.extract.places import is_chrome, words_of


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ('<a class="detail-img-lightbox" href="/anh/1.jpg"><img src="/anh/1.jpg"></a>', False),
        ('<img class="lightbox-content" src="/anh/1.jpg">', False),
        ('<a class="popup-image" href="/anh/1.jpg"><img src="/anh/1.jpg"></a>', False),
        ('<div class="lightbox"><p>Đăng ký nhận tin</p></div>', True),
        ('<div class="popup">Quảng cáo</div>', True),
        ('<a class="share" href="/chia-se">Chia sẻ</a>', True),
    ],
)
def test_a_link_that_opens_its_picture_large_is_no_overlay(markup, wanted):
    """`lightbox` and `popup` name what a picture opens in, where a link or the picture itself bears them."""
    element = lxml.html.fragment_fromstring(markup)
    assert is_chrome(element, words_of(element)) is wanted
