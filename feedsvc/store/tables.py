"""The schema, as it is at the newest migration. A change here needs a new file in `migrations/versions`.

Conventions that no column can say:
- A key in `item_keys` that begins with `title:` or `body:` is weak: several articles may have it (safety.md 3). Every
  other key belongs to one item of its source; a partial unique index keeps it so.
- `position` keeps the order in which keys and categories came to an item.
- `item_categories.shown` repeats `items.shown`, which never moves, so that one index gives the newest of a category.
- The row of `categories` with the slug "" is no listing: polling it means looking for the source's categories. Lease,
  due time and problem are those of the discovery; its `revision` rises when what was found changes.
- `items.search` holds the words of an item as `search.folded` writes them, `bare` as `search.bare_text` does.
- `items.story` is equal for items of different portals that tell the same; "" for one that is told apart from all. It
  is decided when the item comes, and no edit moves it: an edit shall not make other items come and go.
- `intents`, `subscriptions` and `topics` are outboxes: what has to be told from `due` on, NULL for nothing. Whoever
  takes a row puts its own `token` into it, and `due` to the end of the time it may take; "" is a row that nobody has.
- A row of `copies` without a name is a picture of which no copy could be made at `kept`.
- `item_categories.arrival` rises over all rows in the order of commits, and so in that in which items came to
  categories: archives count by it, and an item has its smallest one in the category with the smallest `position`.
- A row of `alarms` with the source "" tells of the service itself. At most one of a category and code has no `ended`.
- `hosts.host` is "name:port". `free` is when the next request to it may begin, whichever poller makes it.
- `pollers.knows` names the others that a poller has seen: it keeps one pace with them.
"""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.store.moments import Moment

RESTORED = "restored"
"""Name in `meta` of the moment at which a backup was last put back. What was published before it may have been sent to
people already: relays to chats skip it, and a document of before it may hold items that are not stored any more."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

categories = sa.Table(
    "categories",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("lease_token", sa.Text),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Moment),
    sa.Column("polled", Moment),
    sa.Column("next_poll", Moment),
    sa.Column("succeeded", Moment),
    sa.Column("outcome", sa.Text),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("depth", sa.Integer, nullable=False),
    sa.Column("usual", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment),
    sa.Column("shape", sa.Text, nullable=False, server_default=""),
    sa.Column("bytes_digest", sa.Text, nullable=False, server_default=""),
    sa.Column("overdue", Moment),
    sa.Column("alarms", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "ix_categories_due",
        "next_poll",
        "source",
        "slug",
        sqlite_where=sa.text("active = 1"),
        postgresql_where=sa.text("active"),
    ),
    sa.Index(
        "ix_categories_polled",
        "polled",
        sqlite_where=sa.text("active = 1"),
        postgresql_where=sa.text("active"),
    ),
    sa.Index(
        "ix_categories_leased",
        "lease_until",
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    ),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("profile", sa.Text),  # JSON that extract.profile writes; nothing here looks into it
)

found_categories = sa.Table(
    "found_categories",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("first_found", Moment, nullable=False),
    sa.Column("last_found", Moment, nullable=False),
    sa.Column("vanished", Moment),
    sa.Column("position", sa.Integer, nullable=False),
)

items = sa.Table(
    "items",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("published", Moment),
    sa.Column("precision", sa.Text),
    sa.Column("modified", Moment),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("shown", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("search", sa.Text, nullable=False),
    sa.Column("looked", Moment, nullable=False),
    sa.Column("next_look", Moment),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("bare", sa.Text, nullable=False, server_default=""),
    sa.Column("story", sa.Text, nullable=False, server_default=""),
    sa.Column("point", sa.JSON(none_as_null=True)),
    sa.Column("missing", Moment),
    sa.Column("withdrawn", Moment),
    sa.Column("moved", Moment),
    sa.Column("trimmed", Moment),
    sa.Index(
        "ix_items_updated",
        "source",
        "updated",
        sqlite_where=sa.text("trimmed IS NULL"),
        postgresql_where=sa.text("trimmed IS NULL"),
    ),
    sa.Index("ix_items_story", "story"),
    sa.Index(
        "ix_items_next_look",
        "source",
        "next_look",
        sqlite_where=sa.text("next_look IS NOT NULL"),
        postgresql_where=sa.text("next_look IS NOT NULL"),
    ),
    sa.Index(
        "ix_items_withdrawn",
        "withdrawn",
        sqlite_where=sa.text("withdrawn IS NOT NULL"),
        postgresql_where=sa.text("withdrawn IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # a number is never given twice, even after the newest item were gone
)

item_keys = sa.Table(
    "item_keys",
    metadata,
    sa.Column("item", sa.ForeignKey("items.number"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("weak", sa.Boolean, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Index("ix_item_keys_source_key", "source", "key"),
    sa.Index(
        "uq_item_keys_strong",
        "source",
        "key",
        unique=True,
        sqlite_where=sa.text("NOT weak"),
        postgresql_where=sa.text("NOT weak"),
    ),
)

item_categories = sa.Table(
    "item_categories",
    metadata,
    sa.Column("item", sa.ForeignKey("items.number"), primary_key=True),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("shown", Moment, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("arrival", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("ix_item_categories_arrival", "arrival", "source", "category", "position", "item"),
    sa.Index("ix_item_categories_arrived", "source", "category", "arrival", "position", "item"),
    sa.Index("ix_item_categories_newest", "source", "category", "shown", "item"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("item", sa.ForeignKey("items.number"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

measures = sa.Table(
    "measures",
    metadata,
    sa.Column("asked", sa.Text, primary_key=True),  # SHA-256 of the address: an index takes no address of any length
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("mime", sa.Text),
    sa.Column("length", sa.BigInteger),
    sa.Column("checked", Moment, nullable=False),
    sa.Column("barred", sa.Boolean, nullable=False, server_default=sa.false()),
)

histories = sa.Table(
    "histories",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("below", Moment),
    sa.Column("finished", sa.Boolean, nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("relay", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("item", sa.ForeignKey("items.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("due", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.UniqueConstraint("relay", "target", "item", "kind", "revision"),
    sa.Index("ix_deliveries_due", "state", "due"),
)

intents = sa.Table(
    "intents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # SHA-256 of topic and callback, which may be long
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("callback", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("lease_s", sa.Integer, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("due", Moment, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Index("ix_intents_asked_by", "asked_by"),
    sa.Index("ix_intents_topic", "topic"),
    sa.Index("ix_intents_due", "due"),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # as that of the intent
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("callback", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("due", Moment),
    sa.Column("token", sa.Text, nullable=False),
    sa.Index("ix_subscriptions_topic", "topic"),
    sa.Index("ix_subscriptions_due", "due"),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("choice", sa.JSON, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("due", Moment),
    sa.Column("token", sa.Text, nullable=False),
    sa.Index("ix_topics_due", "due"),
)

copies = sa.Table(
    "copies",
    metadata,
    sa.Column("asked", sa.Text, primary_key=True),  # SHA-256 of the address, as in `measures`
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("mime", sa.Text, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("small", sa.Text, nullable=False),
    sa.Column("small_length", sa.BigInteger, nullable=False),
    sa.Column("kept", Moment, nullable=False),
    sa.Index("ix_copies_name", "name"),
    sa.Index("ix_copies_small", "small"),
)

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("item", sa.ForeignKey("items.number"), primary_key=True),
    sa.Column("asked", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Index("ix_pictures_asked", "asked"),
)

suspects = sa.Table(
    "suspects",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("began", Moment, nullable=False),
    sa.Column("told", Moment, nullable=False),
    sa.Column("reminders", sa.Integer, nullable=False),
    sa.Column("ended", Moment),
    sa.Index("ix_alarms_began", "began"),
    sa.Index("ix_alarms_category", "source", "category"),
)

hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("free", Moment),
)

pollers = sa.Table(
    "pollers",
    metadata,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("seen", Moment, nullable=False),
    sa.Column("knows", sa.JSON, nullable=False),
)

robots = sa.Table(
    "robots",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("read", Moment, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

host_days = sa.Table(
    "host_days",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("decoded_bytes", sa.BigInteger, nullable=False),
    sa.Column("not_modified", sa.Integer, nullable=False),
    sa.Column("slowed", Moment),
    sa.Column("delay", sa.Float, nullable=False),
    sa.Column("delay_reason", sa.Text, nullable=False),
    sa.Column("robots", sa.Text, nullable=False),
)
