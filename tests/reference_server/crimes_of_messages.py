"""The crimes of defects in messages, and in who hears of them."""

from __future__ import annotations

from typing import Final

from tests.reference_server.crime import (
    DELETED,
    EDITED,
    FIRST_OF_TWO,
    PAGES_1,
    PAGES_2,
    SAID,
    WITH_MESSAGE,
    Crime,
    crime,
    heard_by,
    page,
    said,
    status,
    unheard,
)

CRIMES: Final[tuple[Crime, ...]] = (
    # Messages
    crime("sent-with-200", "send", "send image", "send file", *SAID, shows=status(201, 200)),
    crime(
        "sent-twice",
        "send image",
        onward=True,
        shows=lambda was, now: (was[1]["message"]["id"], now[1]["message"]["id"], len(now[2])) == (3, 4, 1),
    ),
    crime(
        "same-text-once",
        "say so again",
        onward=True,
        shows=lambda was, now: (was[1]["message"]["id"], now[1]["message"]["id"]) == (12, 11),
    ),
    crime("empty-text-is-sent", "say nothing", onward=True, shows=status(400, 201)),
    crime(
        "invalid-shows-a-trace",
        "say nothing",
        shows=lambda was, now: (was[0], now[0]) == (400, 400) and '.py", line ' in now[1]["message"],
    ),
    crime("text-is-cut", "say much", *PAGES_2[1:6], shows=said("x" * 256, "x" * 255)),
    crime("text-is-trimmed", "say spaces", *PAGES_2[1:6], shows=said(" x ", "x")),
    crime("text-is-escaped", "say markup", *PAGES_2[1:6], shows=said("<x>", "&lt;x&gt;")),
    crime("emoji-are-lost", "say emoji", *PAGES_2[1:6], shows=said("\N{THUMBS UP SIGN}", "?")),
    crime("nul-crashes", "say NUL", onward=True, shows=status(201, 500)),
    crime(
        "times-lack-a-zone",
        "send",
        "send image",
        "send file",
        *WITH_MESSAGE,
        *EDITED,
        "speak",
        *SAID,
        *PAGES_1,
        *PAGES_2,
        shows=lambda was, now: (
            was[1]["message"]["created_at"] == "…" and "Z" not in now[1]["message"]["created_at"]
        ),
    ),
    crime(
        "edit-is-not-flagged",
        *EDITED,
        "read the edit",
        "read one",
        shows=lambda was, now: (
            (now[1]["message"]["content"], now[1]["message"]["is_edited"]) == ("hello!", False)
            and was[1]["message"] == {**now[1]["message"], "is_edited": True}
            and now[2] == [({2}, {"type": "message_edited", "message": now[1]["message"]})]
        ),
    ),
    crime(
        "edit-is-lost",
        "read the edit",
        "read one",
        shows=lambda was, now: (
            was[1]["messages"][-1]["content"] == "hello!" and now[1]["messages"][-1]["content"] == "hello"
        ),
    ),
    crime(
        "edit-drops-reactions",
        *("edit 22", "unreact to 22", "read one"),
        shows=lambda was, now: (
            len(was[1]["message"]["reactions"]) == 2 and now[1]["message"]["reactions"] == []
        ),
    ),
    crime(
        "edit-event-is-stale",
        *EDITED,
        shows=lambda was, now: (
            was[:2] == now[:2] and now[2][0][1]["message"] == {**was[2][0][1]["message"], "content": "hello"}
        ),
    ),
    crime("edit-unheard", *EDITED, shows=unheard),
    crime(
        "edit-told-as-new",
        *EDITED,
        shows=lambda was, now: was[:2] == now[:2] and now[2][0][1] == {**was[2][0][1], "type": "new_message"},
    ),
    crime(
        "deleted-is-listed",
        *PAGES_1[2:],
        *FIRST_OF_TWO[1:],
        shows=page([False] * 3, [False] * 3 + [True], lambda message: message["is_deleted"]),
    ),
    crime("deleted-can-be-changed", "edit the deleted", shows=status(404, 200)),
    crime("delete-unheard", *DELETED, shows=unheard),
    crime(
        "deletion-spells-the-id-as-text",
        *DELETED,
        shows=lambda was, now: (
            was[:2] == now[:2]
            and now[2][0][1] == {**was[2][0][1], "message_id": str(was[2][0][1]["message_id"])}
        ),
    ),
    crime(
        "ids-come-again",
        "say 22",
        onward=True,
        shows=lambda was, now: (was[1]["message"]["id"], now[1]["message"]["id"]) == (26, 25),
    ),
    # Who hears it
    crime("file-message-unheard", "send image", "send file", shows=unheard),
    crime(
        "new-message-twice",
        *WITH_MESSAGE,
        "send",
        "speak",
        *SAID,
        shows=lambda was, now: was[:2] == now[:2] and was[2] * 2 == now[2],
    ),
    crime(
        "every-third-is-lost",
        "send image",
        "say NUL",
        "say markup",
        "say so again",
        "say 11",
        "say 14",
        "say 17",
        "say 20",
        "start about",
        shows=unheard,
    ),
    crime(
        "messages-overtake",
        "start",
        "send image",
        "speak",
        "say much",
        "say markup",
        "say so",
        *(f"say {number}" for number in range(9, 22, 2)),
        "start about",
        shows=unheard,
    ),
    crime(
        "new-message-to-everybody",
        *WITH_MESSAGE,
        "send",
        "send image",
        "send file",
        "speak",
        *SAID,
        shows=heard_by(2, 3),
    ),
    crime("deletion-to-everybody", *DELETED, shows=heard_by(2, 3)),
)
