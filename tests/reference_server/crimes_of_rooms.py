"""The crimes of defects in what is shown of conversations and their pages."""

from __future__ import annotations

from typing import Final

from tests.reference_server.crime import (
    ALL_LISTS,
    FIRST_OF_TWO,
    LISTS,
    PAGES_1,
    PAGES_2,
    STARTED,
    WITH_MESSAGE,
    Crime,
    crime,
    first,
    ids,
    page,
    status,
    unheard,
)

CRIMES: Final[tuple[Crime, ...]] = (
    crime(
        "start-again-makes-another",
        "start again",
        "start back",
        "start about",
        "list again",
        shows=lambda was, now: (
            (was[0], was[1]["conversation"]["id"]) == (200, 1)
            and (now[0], now[1]["conversation"]["id"]) == (201, 3)
        ),
    ),
    crime(
        "start-alone",
        "start",
        "start another",
        onward=True,
        shows=lambda was, now: [p["username"] for p in now[1]["conversation"]["participants"]] == ["alice"],
    ),
    crime(
        "start-drops-the-message",
        "start",
        onward=True,
        shows=lambda was, now: (
            was[0] == now[0] and now[1]["conversation"]["last_message"] is None and now[2] == []
        ),
    ),
    crime("start-message-unheard", *WITH_MESSAGE, shows=unheard),
    crime(
        "product-is-forgotten",
        "start about",
        "list again",
        shows=lambda was, now: (
            was[1]["conversation"]["related_product"] == 7
            and now[1]["conversation"]["related_product"] is None
        ),
    ),
    crime(
        "title-names-the-viewer",
        *STARTED,
        *ALL_LISTS,
        *PAGES_1,
        *PAGES_2,
        shows=lambda was, now: (
            was[1]["conversation"]["title"] == "Chat with bob"
            and now[1]["conversation"]["title"] == "Chat with alice"
        ),
    ),
    crime(
        "list-lacks-silent-conversations",
        "list",
        "outsider lists",
        shows=lambda was, now: (
            [c["id"] for c in was[1]["conversations"]] == [1, 2]
            and [c["id"] for c in now[1]["conversations"]] == [1]
        ),
    ),
    crime(
        "list-has-everybodys",
        "outsider lists",
        "list again",
        shows=lambda was, now: (
            [c["id"] for c in was[1]["conversations"]] == [2]
            and [c["id"] for c in now[1]["conversations"]] == [1, 2]
        ),
    ),
    crime(
        "list-by-start",
        "list",
        shows=lambda was, now: (
            was[1]["conversations"] == now[1]["conversations"][::-1] and len(now[1]["conversations"]) == 2
        ),
    ),
    crime(
        "unread-is-text",
        *STARTED,
        *ALL_LISTS,
        *PAGES_1,
        *PAGES_2,
        shows=lambda was, now: (
            was[1]["conversation"]["unread_count"] == 0 and now[1]["conversation"]["unread_count"] == "0"
        ),
    ),
    crime(
        "unread-counts-own",
        "start",
        *LISTS,
        *PAGES_1,
        *PAGES_2[1:],
        "start again",
        "start back",
        "start about",
        shows=lambda was, now: (
            was[1]["conversation"]["unread_count"] == 0 and now[1]["conversation"]["unread_count"] == 1
        ),
    ),
    crime(
        "unread-is-a-flag",
        "list",
        "read back",
        "read the edit",
        *LISTS[1:5],
        "start again",
        shows=first("unread_count", 2, 1),
    ),
    crime("unread-counts-deleted", "list without 22", shows=first("unread_count", 0, 1)),
    crime(
        "preview-shows-deleted",
        "list without it",
        "list without 22",
        "list again",
        shows=lambda was, now: (
            was[1]["conversations"][0]["last_message"]["content"] == "line 20"
            and now[1]["conversations"][0]["last_message"]["content"] == "line 21"
        ),
    ),
    crime("page-oldest-first", *PAGES_1, *PAGES_2[1:], shows=ids([4, 3, 2, 1], [1, 2, 3, 4])),
    crime("pages-overlap", "read page 2", shows=ids([5], [6, 5])),
    crime("pages-leave-one-out", "read page 2", shows=ids([5], [])),
    crime("page-is-ignored", "read page 2", shows=ids([5], list(range(25, 5, -1)))),
    crime(
        "page-repeats-what-has-reactions",
        "read back",
        "read both",
        "read the other",
        shows=ids([4, 3, 2, 1], [4, 3, 2, 2, 1]),
    ),
    crime(
        "page-filters-late",
        "read both",
        "read the other",
        "read one",
        shows=ids([26, *range(24, 5, -1)], [26, *range(24, 6, -1)]),
    ),
    crime(
        "page-has-another-author",
        *PAGES_1,
        shows=page(
            ["bob", "alice", "bob", "alice"], ["alice"] * 4, lambda message: message["sender"]["username"]
        ),
    ),
    crime(
        "count-is-of-the-page",
        *FIRST_OF_TWO,
        "read page 2",
        shows=lambda was, now: (was[1]["count"], now[1]["count"], len(now[1]["messages"])) == (21, 20, 20),
    ),
    crime(
        "count-includes-deleted",
        *PAGES_1[2:],
        *FIRST_OF_TWO[1:],
        shows=lambda was, now: (was[1]["count"], now[1]["count"]) == (3, 4),
    ),
    crime(
        "next-after-the-last",
        "read a full page",
        shows=lambda was, now: was[1]["next"] is None and now[1]["next"].endswith("/conversations/2/?page=2"),
    ),
    crime(
        "reading-a-page-marks-it",
        *("read the edit", "mark read", "list the unread", "mark all"),
        shows=lambda was, now: (
            was[1]["conversation"]["unread_count"] == 2 and now[1]["conversation"]["unread_count"] == 0
        ),
    ),
    crime("large-id-crashes", "large id", shows=status(404, 500)),
)
