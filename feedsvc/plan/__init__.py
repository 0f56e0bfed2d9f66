"""Decisions: what to fetch, what is new or changed, when to look again. Pure: values in, values out.

Identity itself (which keys an address has, how an id is written) is not decided here but in extract.identity; this
room is given keys, and a function that makes an id of one.
"""

from feedsvc.plan.drafts import Draft, below_known, measured, recognised, short_item
from feedsvc.plan.looking import (
    LOOKS,
    NEIGHBOURS,
    known_with,
    listed_again,
    look_gone,
    look_later,
    look_unchanged,
    there_since,
    witnesses,
)
from feedsvc.plan.matching import is_weak, match
from feedsvc.plan.moments import shown_date
from feedsvc.plan.polling import LONGEST_BACK_OFF, LONGEST_WAIT, REDESIGNED, SUSPICION, next_state
from feedsvc.plan.rhythm import interval, overdue
from feedsvc.plan.settling import Settled, settle
from feedsvc.plan.suspicion import Shown, elsewhere, host_of, suspicion
from feedsvc.plan.verdict import Standing, Verdict, silence, standing, verdict
from feedsvc.plan.walking import (
    BATCH,
    BATCH_OF_PAGE,
    CATCH_UP_PAGES,
    FARTHEST_PAGE,
    Choice,
    bounded,
    choose,
    follow,
    is_listed,
    next_depth,
)

__all__ = [
    "BATCH",
    "BATCH_OF_PAGE",
    "CATCH_UP_PAGES",
    "FARTHEST_PAGE",
    "LONGEST_BACK_OFF",
    "LONGEST_WAIT",
    "LOOKS",
    "NEIGHBOURS",
    "REDESIGNED",
    "SUSPICION",
    "Choice",
    "Draft",
    "Settled",
    "Shown",
    "Standing",
    "Verdict",
    "below_known",
    "bounded",
    "choose",
    "elsewhere",
    "follow",
    "host_of",
    "interval",
    "is_listed",
    "is_weak",
    "known_with",
    "listed_again",
    "look_gone",
    "look_later",
    "look_unchanged",
    "match",
    "measured",
    "next_depth",
    "next_state",
    "overdue",
    "recognised",
    "settle",
    "short_item",
    "shown_date",
    "silence",
    "standing",
    "suspicion",
    "there_since",
    "verdict",
    "witnesses",
]
