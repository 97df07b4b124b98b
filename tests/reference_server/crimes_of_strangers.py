"""The crimes of defects that let in, or are upset by, whoever should be kept out."""

from __future__ import annotations

from typing import Final

from tests.reference_server.crime import (
    BAD_KNOCKS,
    BAD_TOKENS,
    LISTS,
    OUTSIDE,
    PAGES_2,
    Crime,
    crime,
    ids,
    status,
)

CRIMES: Final[tuple[Crime, ...]] = (
    # Authentication and authorization
    crime(
        "outsider-reads",
        "outsider reads",
        shows=lambda was, now: (
            was[0] == 404 and [m["content"] for m in now[1]["messages"]] == ["k", "k", "hi"]
        ),
    ),
    crime(
        "outsider-sends",
        "outsider sends",
        onward=True,
        shows=lambda was, now: was[0] == 404 and now[0] == 201 and now[2][0][0] == {1, 2},
    ),
    crime(
        "outsider-sends-behind-a-404",
        "outsider sends",
        onward=True,
        shows=lambda was, now: was[:2] == now[:2] and now[2][0][0] == {1, 2},
    ),
    crime("outsider-reacts", "outsider reacts", "read what was refused", shows=status(404, 200)),
    crime(
        "outsider-marks-read",
        "outsider marks",
        shows=lambda was, now: was[0] == 404 and now[0] == 200 and [who for who, _ in now[2]] == [{1, 2}] * 3,
    ),
    crime(
        "other-edits",
        "other edits",
        "read what was refused",
        shows=lambda was, now: was[0] == 404 and now[1]["message"]["content"] == "x",
    ),
    crime(
        "other-deletes-behind-a-404",
        "read what was refused",
        *LISTS[1:5],
        "start again",
        shows=ids([4, 3, 2], [4, 3]),
    ),
    crime("outsider-is-told-403", *OUTSIDE, shows=status(404, 403)),
    crime(
        "anonymous-is-told-403",
        "nobody reads",
        "nobody lists",
        "nobody uploads",
        "nobody deletes",
        *BAD_TOKENS,
        *BAD_KNOCKS,
        shows=status(401, 403),
    ),
    crime(
        "any-token-will-do",
        *BAD_TOKENS,
        shows=lambda was, now: (
            was[0] == 401
            and [c["title"] for c in now[1]["conversations"]] == ["Chat with bob", "Chat with carol"]
        ),
    ),
    crime("token-is-compared-by-its-start", "tampered lists", "knock tampered", shows=status(401, 200)),
    crime("expired-tokens-work", "expired lists", "knock expired", shows=status(401, 200)),
    crime("upload-url-needs-no-token", "nobody uploads", shows=status(401, 200)),
    crime(
        "list-needs-no-token",
        "nobody lists",
        *BAD_TOKENS,
        shows=lambda was, now: was[0] == 401 and now[:2] == (200, {"success": True, "conversations": []}),
    ),
    crime(
        "anonymous-deletes",
        "nobody deletes",
        "read what was refused",
        *LISTS[1:5],
        "start again",
        shows=lambda was, now: (
            was[0] == 401 and now[2] == [({1}, {"type": "message_deleted", "message_id": 2})]
        ),
    ),
    # The socket
    crime(
        "socket-opens-to-anybody",
        *BAD_KNOCKS,
        shows=lambda was, now: was[0] == 401 and now[:2] == ("admitted", "anonymous"),
    ),
    crime(
        "socket-takes-expired-tokens",
        "knock expired",
        shows=lambda was, now: was[0] == 401 and now[:2] == ("admitted", "bob"),
    ),
    crime(
        "outsider-frame-is-heard",
        "outsider speaks",
        onward=True,
        shows=lambda was, now: was[0] == "ignored" and now[2][0][0] == {1, 3},
    ),
    crime("bad-frame-crashes", "mumble", "forge", shows=status("ignored", "crashed")),
    crime("frame-is-not-kept", "read the frame", onward=True, shows=ids([5], [])),
    crime(
        "frame-has-another-author",
        "speak",
        *PAGES_2[:3],
        "read page 2",
        onward=True,
        shows=lambda was, now: (
            now[2][0][0] == {1} and now[2][0][1]["message"]["sender"]["username"] == "alice"
        ),
    ),
    crime(
        "frame-speaks-for-the-server",
        "forge",
        shows=lambda was, now: (
            was[2] == []
            and now[2] == [({1}, {"type": "message_deleted", "message_id": 5, "conversation_id": 2})]
        ),
    ),
)
