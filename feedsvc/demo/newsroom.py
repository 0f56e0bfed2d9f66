"""What the portal shows at this moment: its own content, and what the state publishes, corrects and withdraws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc.demo.content import CATEGORIES, Article, Attachment, Content, LegalDocument, Picture
from feedsvc.demo.reserve import RESERVE_SIZE, reserve_article
from feedsvc.demo.special import special_articles
from feedsvc.demo.state import Release

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from feedsvc.demo.state import PortalState

_SITE = 1227
_GROUP = 54439
_CORRECTION = (
    "Đính chính: Bản tin đăng lần đầu ghi chưa chính xác một số liệu do phòng chuyên môn cung cấp; Ban biên tập đã "
    "rà soát, sửa lại trong bài và xin lỗi bạn đọc."
)


class Newsroom:
    """The articles, videos, albums and documents as they stand, found by number or key."""

    def __init__(self, content: Content, state: PortalState) -> None:
        self._content, self._state = content, state
        self.videos, self.albums, self.documents = content.videos, content.albums, content.documents

    def articles(self, category: str | None = None) -> tuple[Article, ...]:
        """The articles shown in lists, newest first; of one category when it is named."""
        shown = [self._as_it_stands(article) for article in self._written() if not self._is_withdrawn(article)]
        shown.sort(key=lambda article: (article.published, article.number), reverse=True)
        return tuple(article for article in shown if category in {None, article.category})

    def article(self, number: int) -> Article | None:
        """The article with this number, of either generation, or None."""
        return next((one for one in self.articles() if number in {one.number, one.old_number}), None)

    def withdrawn(self, number: int) -> Article | None:
        """The article with this number, of either generation, if it was withdrawn."""
        gone = (one for one in self._written() if self._is_withdrawn(one))
        return next((one for one in gone if number in {one.number, one.old_number}), None)

    def picture(self, key: str) -> Picture | None:
        """The picture with this key, or None."""
        pictures = [picture for article in self.articles() for picture in article.pictures]
        pictures += [picture for album in self.albums for picture in album.pictures]
        pictures += [Picture(key=f"video-{one.slug}", scene=one.scene, caption=one.title) for one in self.videos]
        return next((picture for picture in pictures if picture.key == key), None)

    def file(self, key: str) -> tuple[str, tuple[str, ...]] | None:
        """Title and paragraphs of the PDF with this key, or None."""
        for article in self.articles():
            for attachment in article.attachments:
                if attachment.key == key:
                    return _attached(article, attachment)
        return next((_legal(document) for document in self.documents if document.slug == key), None)

    def address(self, article: Article, generation: int | None = None) -> str:
        """The article's path; of the generation that the lists use when none is given."""
        if (generation or self._state.generation) == 2:  # noqa: PLR2004 - the second generation
            return f"/{article.category}/{article.slug}-{article.number}"
        menu = next(category.menu for category in CATEGORIES if category.slug == article.category)
        return f"/{_SITE}/{menu}/{_GROUP}/{article.old_number}/{article.category}/{article.slug}"

    def next_releases(self, count: int, category: str | None, now: datetime, apart: timedelta) -> tuple[Release, ...]:
        """The next `count` articles of the reserve, oldest first, the last one dated `now`.

        Raises ValueError when the reserve holds fewer.
        """
        start = len(self._state.releases)
        if start + count > RESERVE_SIZE:
            raise ValueError(f"the reserve holds {RESERVE_SIZE - start} more articles, {count} were asked for")
        return tuple(
            Release(
                index=start + step,
                category=category or CATEGORIES[(start + step) % len(CATEGORIES)].slug,
                at=now - (count - 1 - step) * apart,
            )
            for step in range(count)
        )

    def _written(self) -> list[Article]:
        released = [reserve_article(one.index, one.category, one.at) for one in self._state.releases]
        return [*self._content.articles, *released, *special_articles(self._state.specials)]

    def _is_withdrawn(self, article: Article) -> bool:
        return not self._state.withdrawn.isdisjoint({article.number, article.old_number})

    def _as_it_stands(self, article: Article) -> Article:
        at = self._state.corrections.get(article.number)
        if at is None:
            return article
        return replace(article, title=f"{article.title} (cập nhật)", body=(*article.body, _CORRECTION), corrected=at)


def _attached(article: Article, attachment: Attachment) -> tuple[str, tuple[str, ...]]:
    return attachment.title, (article.title, *(block for block in article.body if isinstance(block, str)))


def _legal(document: LegalDocument) -> tuple[str, tuple[str, ...]]:
    return f"{document.kind} số {document.sign}", (
        document.abstract,
        f"Mường Sương, ngày {document.issued:%d} tháng {document.issued:%m} năm {document.issued:%Y}",
        f"Điều 1. Nội dung: {document.abstract[0].lower()}{document.abstract[1:]}.",
        (
            "Điều 2. Các phòng, ban, đơn vị liên quan và Ủy ban nhân dân các xã, phường căn cứ nhiệm vụ được giao tổ "
            "chức thực hiện, báo cáo kết quả về Ủy ban nhân dân thị xã Mường Sương theo quy định."
        ),
        "Điều 3. Văn bản này có hiệu lực kể từ ngày ký.",
        f"Người ký: {document.signer}",
    )
