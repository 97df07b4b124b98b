"""The crimes of defects in reactions, reading and files."""

from __future__ import annotations

from typing import Final

from tests.reference_server.crime import (
    LISTS,
    PAGES_1,
    REACTED,
    REMOVED,
    Crime,
    crime,
    heard_by,
    marked,
    page,
    reactions,
    status,
    unheard,
)

CRIMES: Final[tuple[Crime, ...]] = (
    # Reactions and reading
    crime("reactor-only", *REACTED[:4], *REACTED[5:], shows=heard_by(1)),
    crime("reactor-is-not-told", *REACTED[:4], *REACTED[5:], shows=heard_by(2)),
    crime("removal-unheard", *REMOVED, shows=unheard),
    crime(
        "removal-told-as-added",
        *REMOVED,
        shows=lambda was, now: (
            was[:2] == now[:2] and now[2][0][1]["reaction"] == {**was[2][0][1]["reaction"], "reacted": True}
        ),
    ),
    crime(
        "same-again-stays",
        *REMOVED,
        *PAGES_1[1:],
        "read one",
        shows=lambda was, now: (
            was[1]["reacted"] is False
            and now[1] == {**was[1], "message": "Reaction updated", "reacted": True}
        ),
    ),
    crime(
        "reactions-pile-up",
        "read back",
        *PAGES_1[1:],
        *REMOVED[1:],
        "unreact",
        "read the other",
        "edit 22",
        "read one",
        shows=lambda was, now: (
            reactions(was, 2) == [("alice", "b"), ("bob", "b")]
            and reactions(now, 2) == [("alice", "a"), ("alice", "b"), ("bob", "b")]
        ),
    ),
    crime(
        "another-reaction-is-lost",
        "read back",
        *PAGES_1[1:],
        *REMOVED,
        "read the other",
        "edit 22",
        "read one",
        shows=lambda was, now: (
            reactions(was, 2) == [("alice", "b"), ("bob", "b")]
            and reactions(now, 2) == [("alice", "a"), ("bob", "b")]
        ),
    ),
    crime(
        "removal-takes-everybodys",
        *PAGES_1[1:],
        "read one",
        shows=lambda was, now: reactions(was, 2) == [("bob", "b")] and reactions(now, 2) == [],
    ),
    crime(
        "one-reaction-a-message",
        "read back",
        onward=True,
        shows=lambda was, now: (
            reactions(was, 2) == [("alice", "b"), ("bob", "b")] and reactions(now, 2) == [("bob", "b")]
        ),
    ),
    crime(
        "reacting-marks-as-edited",
        *PAGES_1,
        "read both",
        "read the other",
        shows=page([False] * 4, [False, False, True, False], lambda message: message["is_edited"]),
    ),
    crime(
        "reactions-are-not-listed",
        *PAGES_1,
        "read both",
        "read the other",
        "edit 22",
        "read one",
        shows=lambda was, now: len(reactions(was, 2)) == 2 and reactions(now, 2) == [],
    ),
    crime(
        "unread-never-falls", "mark none", *PAGES_1[2:], *LISTS[2:5], "start back", shows=marked(0, 21, 21)
    ),
    crime("marked-count-is-wrong", "mark none", shows=marked(0, 21, 0)),
    crime("mark-read-counts-own", "mark read", shows=marked(2, 4, 4)),
    crime("mark-read-stops-at-a-page", "mark all", "mark none", shows=marked(21, 20, 20)),
    crime(
        "mark-read-marks-everywhere",
        *LISTS[2:5],
        "start again",
        shows=lambda was, now: (
            [c["unread_count"] for c in was[1]["conversations"]] == [0, 2]
            and [c["unread_count"] for c in now[1]["conversations"]] == [0, 0]
        ),
    ),
    crime("receipt-to-the-reader", "mark read", "mark all", shows=heard_by(2)),
    crime(
        "one-receipt-for-all",
        "mark read",
        "mark all",
        shows=lambda was, now: was[:2] == now[:2] and len(was[2]) == 2 and now[2] == was[2][-1:],
    ),
    # Files
    crime("upload-url-works-twice", "upload it again", shows=status(403, 200)),
    crime("upload-url-is-not-checked", "upload unsigned", shows=status(403, 200)),
    crime("upload-takes-any-type", "upload something else", shows=status(403, 200)),
    crime(
        "upload-url-is-born-expired",
        "upload its file",
        "upload it again",
        "upload something else",
        shows=status(200, 403),
    ),
    crime(
        "upload-url-has-no-host",
        "upload",
        "upload another",
        shows=lambda was, now: was[1]["upload_url"] == "http://testserver" + now[1]["upload_url"],
    ),
    crime(
        "file-keys-collide",
        "upload",
        "upload another",
        shows=lambda was, now: (
            was[1]["file_key"] == "uploads/a-….jpg" and now[1]["file_key"] == "uploads/a.jpg"
        ),
    ),
    crime(
        "file-becomes-text",
        "send image",
        "send file",
        *PAGES_1,
        shows=lambda was, now: (
            now[1]["message"] == {**was[1]["message"], "message_type": "text"}
            and now[2][0][1]["message"] == now[1]["message"]
        ),
    ),
)
