"""Liferay's addresses: the file's name stands before a number of 32 digits."""

import pytest

from feedsvc.extract.attachments import is_document
from feedsvc.extract.media import ending, is_picture

NUMBER = "5178cafe-dfe3-4c1d-9e0f-5178cafedfe3"


@pytest.mark.parametrize(
    ("address", "wanted", "picture", "document"),
    [
        (f"/documents/10180/48/anh-1.jpg/{NUMBER}?t=164821", "jpg", True, False),
        (f"/documents/10180/48/bao-cao.pdf/{NUMBER}", "pdf", False, True),
        (f"/documents/10180/48/bao-cao/{NUMBER}", "", False, True),
        ("/anh.jpg/5178cafe", "", False, False),
        ("/uploads/anh.jpg", "jpg", True, False),
        (NUMBER, "", False, False),
    ],
)
def test_a_file_is_known_by_the_name_before_its_number(address, wanted, picture, document):
    """A picture there is a picture and no attachment; what has another name, or none, is a file."""
    assert (ending(address), is_picture(address), is_document(address)) == (wanted, picture, document)
