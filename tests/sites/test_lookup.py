"""Portal families are found by their name."""

from __future__ import annotations

import pytest

from feedsvc.errors import ExtractError
from feedsvc.sites import site


def test_an_unknown_family_names_the_known_ones() -> None:
    """A name that nobody registered is refused with the names that there are."""
    with pytest.raises(ExtractError, match=r'no site "genric"; there are: .*folder.*generic'):
        site("genric")
