"""Reading pages: `Page` in, `Listing` or `Item` out. Pure: no network, no clock, no configuration."""

from feedsvc.extract.article import read_article
from feedsvc.extract.listing import read_listing

__all__ = ["read_article", "read_listing"]
