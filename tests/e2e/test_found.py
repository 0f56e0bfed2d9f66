"""A running service over a portal of which only the home page is given."""

import json

from loopback import ask, free_port, until


def found(port: int) -> list[str]:
    """The categories in /status.json."""
    status, _, body = ask(f"http://127.0.0.1:{port}/status.json")
    return [row["category"] for row in json.loads(body)["categories"]] if status == 200 else []


def test_feeds_of_found_categories_appear_by_themselves(processes, portal, configure) -> None:
    """Poller and web start with a home page alone; soon each category has its feed, without a restart of either."""
    port = free_port()
    config = configure(portal, port=port, categories=())
    processes.start("feedsvc", "--config", str(config), "run")
    until(lambda: len(found(port)) == 6, 60, "the categories are found")
    feed = f"http://127.0.0.1:{port}/feeds/cong-0/video.json"
    until(lambda: ask(feed)[0] == 200 and len(json.loads(ask(feed)[2])["items"]) >= 10, 60, "the feed is filled")
    assert ask(f"http://127.0.0.1:{port}/feeds/cong-0/trang-chu.rss")[0] == 404
    assert b'text="Video"' in ask(f"http://127.0.0.1:{port}/opml")[2]
