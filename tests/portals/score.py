"""How well generated portals are read: `python -m tests.portals.score [--seeds 3] [--only liferay] [--scale 1] [--show 5]`.

One line a layout. Listing figures are shares over the lines of all list pages, walked by the pager as the poller does;
article figures over all articles, each read with its line of the listing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portals.build import build
from portals.families import FAMILIES
from portals.truth import Article, Line, ListPage, Portal, Section, local_day

from feedsvc.errors import ExtractError
from feedsvc.extract import read_article, read_listing
from feedsvc.extract.clean import clean_text
from feedsvc.model import Item, Listing, Stub

LISTING = ("items", "precision", "titles", "days", "images", "files", "next", "menu")
ARTICLE = ("title", "day", "authors", "lead", "body", "captions", "pictures", "films", "documents", "clean")

_LONGEST = 300  # letters of an answer that is shown


@dataclass(slots=True)
class Tally:
    """Right answers and questions by measure, with words about the wrong ones."""

    right: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)

    def note(self, measure: str, good: float, where: str, wanted: object = "", got: object = "") -> None:
        """Counts one answer, `good` from 0 to 1."""
        self.right[measure] += good
        self.asked[measure] += 1
        if good < 1:
            self.wrong.append(f"{measure}: {where}\n    wanted {_short(wanted)}\n    got    {_short(got)}")

    def share(self, measure: str) -> float:
        """The share of right answers; 1 where nothing was asked."""
        return self.right[measure] / self.asked[measure] if self.asked[measure] else 1.0


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... {text[-_LONGEST // 3 :]}"


def score(portal: Portal) -> Tally:
    """Reads every list page and every article of a portal, and compares."""
    tally, stubs = Tally(), {}
    score_menu(portal, tally)
    for section in portal.sections:
        for stub in score_section(portal, section, tally):
            stubs.setdefault(stub.url, stub)
    for article in portal.articles.values():
        score_article(portal, article, stubs.get(article.url), tally)
    return tally


def score_menu(portal: Portal, tally: Tally) -> None:
    """Whether the home page's listing names every category."""
    try:
        found = read_listing(portal.page(portal.home), portal.source).categories
    except ExtractError:
        found = ()
    for section in portal.sections:
        names = [name for name, url in found if url == section.url]
        tally.note("menu", float(section.name in names), portal.home, (section.name, section.url), names)


def score_section(portal: Portal, section: Section, tally: Tally) -> Iterator[Stub]:
    """Walks a category page by page; gives the lines that were read."""
    form, shape = None, ""
    for number, page in enumerate(section.pages):
        url = page.url if form is None else section.url
        try:
            listing = read_listing(portal.page(url, form), portal.source, shape=shape)
        except ExtractError as error:
            for line in page.lines:
                tally.note("items", 0, page.url, line.title, f"page {number + 1}: {error}")
            tally.note("next", float(not (page.next_url or page.next_post)), page.url, page.next_url, str(error))
            if page.next_post:
                return
            continue
        shape = listing.shape
        score_lines(page, listing, tally)
        score_next(page, listing, tally)
        form = listing.next_form.fields if listing.next_form and page.next_post else None
        if page.next_post and form is None:
            for line in (line for rest in section.pages[number + 1 :] for line in rest.lines):
                tally.note("items", 0, page.url, line.title, "behind a postback that was not found")
            return
        yield from listing.stubs


def score_lines(page: ListPage, listing: Listing, tally: Tally) -> None:
    """The lines of one list page."""
    found = {stub.url: stub for stub in listing.stubs}
    wanted = {line.url for line in page.lines}
    for line in page.lines:
        stub = found.get(line.url)
        tally.note("items", float(stub is not None), page.url, line.title, "no such line")
        if stub is not None:
            score_line(page, line, stub, tally)
    for stub in listing.stubs:
        tally.note("precision", float(stub.url in wanted), page.url, "nothing", (stub.title, stub.url))


def score_line(page: ListPage, line: Line, stub: Stub, tally: Tally) -> None:
    """One line."""
    tally.note("titles", float(stub.title == line.title), page.url, line.title, stub.title)
    day = local_day(stub.published) if stub.published else None
    if line.day or day:
        tally.note("days", float(day == line.day), f"{page.url} {line.title}", str(line.day), str(day))
    images = [one.url for one in stub.media if one.kind == "image"]
    if line.image or images:
        tally.note("images", float(images[:1] == [line.image]), f"{page.url} {line.title}", line.image, images)
    if line.file:
        files = [one.url for one in stub.media if one.kind == "document"]
        tally.note("files", float(line.file in {*files, stub.url}), f"{page.url} {line.title}", line.file, files)


def score_next(page: ListPage, listing: Listing, tally: Tally) -> None:
    """The way to the next page."""
    posted = (listing.next_form.target, listing.next_form.argument) if listing.next_form else None
    if page.next_post:
        tally.note("next", float(posted == page.next_post), page.url, page.next_post, (posted, listing.next_url))
    else:
        good = listing.next_url == page.next_url and posted is None
        tally.note("next", float(good), page.url, page.next_url, (listing.next_url, posted))


def score_article(portal: Portal, article: Article, stub: Stub | None, tally: Tally) -> None:
    """The page of one story; one that goes on is joined by the poller alone."""
    if article.is_parted:
        return
    try:
        item = read_article(portal.page(article.url), portal.source, stub)
    except ExtractError as error:
        for measure in ("title", "day", "authors", "lead", "body"):
            tally.note(measure, 0, article.url, article.title, str(error))
        return
    score_text(article, item, tally)
    score_media(article, item, tally)
    score_clean(portal, article, item, tally)


def score_text(article: Article, item: Item, tally: Tally) -> None:
    """Headline, day, writers, lead and text."""
    where = article.url
    tally.note("title", float(item.title == article.title), where, article.title, item.title)
    day = local_day(item.published) if item.published else None
    tally.note("day", float(day == article.day), where, str(article.day), str(day))
    if article.kind == "news":
        names = tuple((one.name, one.organisation) for one in item.authors)
        tally.note("authors", float(names == article.authors), where, article.authors, names)
        tally.note("lead", likeness(article.lead, item.summary), where, article.lead, item.summary)
    if article.kind != "documents":
        tally.note("body", likeness(article.text, item.text), where, article.text, item.text)


def score_media(article: Article, item: Item, tally: Tally) -> None:
    """Pictures with their captions, films, attachments."""
    captions = {one.url: one.caption for one in item.media if one.kind == "image"}
    posters = {one.thumbnail for one in item.media if one.kind == "video"}
    for url, caption in article.pictures:
        if caption or captions.get(url):
            tally.note("captions", float(captions.get(url) == caption), article.url, (url, caption), captions)
    wanted = {url for url, _ in article.pictures}
    if article.kind != "video" and (wanted or captions):
        extra = set(captions) - wanted - posters
        tally.note(
            "pictures", float(wanted <= set(captions) and not extra), article.url, sorted(wanted), sorted(captions)
        )
    films = {one.url for one in item.media if one.kind == "video"}
    if article.films or films:
        tally.note("films", float(films == set(article.films)), article.url, article.films, films)
    files = {one.url for one in item.media if one.kind == "document"}
    if article.files or files:
        tally.note("documents", float(files == set(article.files)), article.url, article.files, files)


def score_clean(portal: Portal, article: Article, item: Item, tally: Tally) -> None:
    """Nothing of the page around in the body: no standing sentence, no headline of another story, no label."""
    text, own = clean_text(item.text).casefold(), clean_text(f"{article.title} {article.text}").casefold()
    foreign = [*portal.boilerplate, *(one.title for one in portal.articles.values())]
    left = [one for one in foreign if one.casefold() in text and one.casefold() not in own]
    tally.note("clean", float(not left), article.url, "nothing of", left)


def likeness(wanted: str, got: str) -> float:
    """F1 of shingles of four words; of words where either is shorter."""
    one, two = _words(wanted), _words(got)
    size = 4 if min(len(one), len(two)) >= 4 else 1
    first, second = _shingles(one, size), _shingles(two, size)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", clean_text(text).casefold())


def _shingles(words: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}


def table(rows: Iterable[tuple[str, Tally]]) -> str:
    """The figures, one line a layout."""
    lines = [f"{'layout':12}" + "".join(f"{name[:9]:>10}" for name in (*LISTING, *ARTICLE))]
    for layout, tally in rows:
        lines.append(f"{layout:12}" + "".join(f"{tally.share(name):10.3f}" for name in (*LISTING, *ARTICLE)))
    return "\n".join(lines)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", nargs="*", default=list(FAMILIES), help="layouts")
    parser.add_argument("--scale", type=float, default=0.5, help="how long the lists are")
    parser.add_argument("--show", type=int, default=0, help="wrong answers shown, per layout and measure")
    given = parser.parse_args()
    rows = []
    for name in given.only:
        whole = Tally()
        for seed in range(given.first, given.first + given.seeds):
            add(whole, score(build(name, seed, scale=given.scale)))
        rows.append((name, whole))
        shown: dict[str, int] = defaultdict(int)
        for wrong in whole.wrong:
            measure = wrong.partition(":")[0]
            shown[measure] += 1
            if shown[measure] <= given.show:
                sys.stdout.write(f"{name} {wrong}\n")
    sys.stdout.write(table(rows) + "\n")


def add(whole: Tally, part: Tally) -> None:
    """Adds the figures of a part."""
    for measure in part.asked:
        whole.right[measure] += part.right[measure]
        whole.asked[measure] += part.asked[measure]
    whole.wrong += part.wrong


if __name__ == "__main__":
    main()
