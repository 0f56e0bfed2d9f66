"""What kind of place on a page an element is, told by its tag, role, class and id words."""

from __future__ import annotations

import re
from typing import Any, Final

_CHROME_TAGS: Final = frozenset({"nav", "footer", "aside", "menu"})
_CHROME_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog", "alert"}
)
_NEVER_CHROME: Final = frozenset({"html", "body", "main", "article"})
_CERTAIN_NAMES: Final = frozenset({"sidebar", "footer", "menu", "nav", "breadcrumb"})
_POST: Final = re.compile(r"(?:^|\s)(?:hentry|type-post|post-\d+)(?:$|\s)")
_CHROME_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:"
    r"(?:post|entry|article|user|reader|fb|view|all|add|the)?-?comments?(?:[-_]?(?:list|area|section|form|wrap\w*|box|container|block|respond|thread|body|holder|count|link|s))?|"
    r"disqus\w*|taglib-discussion|respond|replies|livefyre|shar(?:e|es|ing|ethis|edaddy|e-?\w*|e_\w+)|addthis\w*|addtoany\w*|a2a_kit|social\w*|follow-?us|"
    r"related\w*|relatedposts|recommend\w*|recirc\w*|read-?(?:more|next|also)|more-?(?:stories|news|from|articles|links|posts|info)|also-?(?:read|like)|you-?may\w*|"
    r"promos?|promo-?\w+|sponsor\w*|newsletter\w*|subscri\w+|sign-?up\w*|paywall-?\w*|optin\w*|cta|"
    r"side-?bar\w*|sidecol\w*|rail|right-?rail|bread-?crumbs?|crumbs|footer|foot|site-?(?:header|footer|nav)|nav|navbar|navigation|nav-?\w+|menu|menu-?\w+|topbar|masthead|"
    r"ads?|advert\w*|ad-?(?:slot|unit|container|wrapper|block|box|label|text|zone|banner|placeholder)s?|adsbygoogle|banners?|dfp\w*|gpt-?ad\w*|pop-?up|modal|overlay|lightbox|cookie\w*|gdpr\w*|consent|"
    r"tags?|tag-?(?:list|links|cloud|s)|tags-?\w+|post-?tags|taglist|keywords?|topics?|toolbar|tools|article-?tools|page-?tools|actions?|buttons?|pagination|pager|paging|page-?links|post-?nav\w*|prev-?next|"
    r"login|log-?in|register|search-?\w*|widget|widget-?area|author-?(?:bio|box|info|card|details|profile|block|desc\w*)|about-?(?:the-)?author\w*|post-?author|bio|"
    r"outbrain\w*|taboola\w*|ob-widget|zergnet|trc_\w+|most-?(?:read|popular|viewed|shared|commented)|popular\w*|trending\w*|latest-?\w*|"
    r"copyright|disclaimer|print-?(?:only|hidden|link|button|page)|printfriendly|rating\w*|votes?|poll|reactions?|skip-?\w*|screen-?reader\w*|sr-only|visually-?hidden|visuallyhidden|"
    r"hide|hidden|jp-\w+|wp-?polls|entry-?(?:meta|footer|utility)|post-?(?:meta|footer|info|share|utility)|article-?(?:meta|footer|info|share|tags|related|tools)|meta|metadata|postmetadata|"
    r"tin-?(?:lien-?quan|khac|cung-?\w+|moi\w*|noi-?bat)|cac-?tin\w*|news-?(?:other|relat\w*|more)|other-?news|othernews|binh-?luan|lien-?ket|thong-?ke|"
    r"box-?(?:comment|tin\w*|relat\w*|share|tag)|weather|thoi-?tiet|counter|views?-?count|dateline-?\w*|kicker|eyebrow|"
    r"slideshow-?(?:nav|controls)|carousel-?(?:nav|controls|indicators)|notice|alert|toast|feedback|contact-?form|inline-?(?:promo|related|newsletter)|story-?links|teasers?|terms"
    r")(?:$|[\s_-])"
)
_COMMENT_WORDS: Final = re.compile(r"comment|disqus|taglib-discussion|respond|replies|livefyre|binh-?luan")
_CAPTION_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:captions?|wp-caption-text|figcaption|photo-?(?:credit|caption|desc\w*)|image-?(?:credit|caption|source|desc\w*)|img-?(?:credit|caption)|imgcaption|"
    r"pcaption|photocms_caption|credits?|cutline|media-?caption|picture-?caption|chu-?thich\w*|copyright-?(?:holder|info))(?:$|[\s_-])"
)
_BODY_WORDS: Final = re.compile(
    r"journal-content-article|ms-rtestate-field|news-bodyhtml|bodytext|detail-?content|content-?detail|entry-?content|article-?body|articlebody|"
    r"story-?body|post-?body|article-?content|articlecontent|post-?content|story-?content|article-?text|articletext|story-?text|body-?text|"
    r"noi-?dung|news-?content|newsbody|body-?content|rich-?text|article__body|article__content|maincontent-?detail|field-name-body|post-?entry"
)
_ENLARGES: Final = re.compile(r"lightbox|pop-?up")  # as a link's name: it opens its own picture large
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def words_of(element: Any) -> str:
    """Give the class and id words of `element`, lower-cased."""
    return f"{element.get('class', '')} {element.get('id', '')}".strip().lower()


def is_hidden(element: Any) -> bool:
    """Tell whether a person does not see `element`."""
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def is_chrome(element: Any, words: str) -> bool:
    """Tell whether `element` with its `words_of` is a part of the page around the article: menu, comments, sharing."""
    if element.tag in _NEVER_CHROME or (element.get("itemprop") or "").lower() == "articlebody":
        return False
    if element.tag in _CHROME_TAGS or element.get("role") in _CHROME_ROLES:
        return True
    if element.tag in {"a", "img"} and _ENLARGES.search(words):
        return False
    return bool(words and _CHROME_WORDS.search(words) and not _BODY_WORDS.search(words) and not _POST.search(words))


def is_certain(element: Any) -> bool:
    """Tell whether a place is chrome however much text it holds."""
    return element.tag in _CHROME_TAGS or not _CERTAIN_NAMES.isdisjoint(words_of(element).split())


def is_comment(words: str) -> bool:
    """Tell whether the class words are those of readers' comments."""
    return bool(_COMMENT_WORDS.search(words))


def is_caption(element: Any, words: str) -> bool:
    """Tell whether `element` holds the caption of a picture."""
    return element.tag == "figcaption" or bool(words and _CAPTION_WORDS.search(words))


def is_body(element: Any, words: str) -> bool:
    """Tell whether the page itself names `element` as the text of the article."""
    return (element.get("itemprop") or "").lower() == "articlebody" or bool(words and _BODY_WORDS.search(words))
