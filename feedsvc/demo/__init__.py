"""A small sample portal of an invented mountain town, for `feedsvc demo` and for tests.

The town of Mường Sương, its people and all that happens there are made up; texts and pictures are our own.
"""

from feedsvc.demo.portal import create_portal
from feedsvc.demo.server import serve_portal
from feedsvc.demo.state import PortalState

__all__ = ["PortalState", "create_portal", "serve_portal"]
