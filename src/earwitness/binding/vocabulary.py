"""The frozen words of every binding: verbs and what they take, events and what they give, rules and their values.

Settled on all five documents before any engine was written (``docs/vocabulary.md`` has the reasons and the drafts).
A word is added here when a sixth API promises something that none of these says; never for one API's spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class VerbWord:
    """Something every messaging API lets a member do: the arguments it needs, those it may take, what it may give."""

    name: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    reads: bool = False


def _verb(name: str, needs: str = "", may: str = "", gives: str = "", reads: bool = False) -> VerbWord:
    return VerbWord(name, tuple(needs.split()), tuple(may.split()), tuple(gives.split()), reads)


# `me` (the acting member) and `token` may stand in every verb; `form` never does: a binding names its forms itself.
VERBS: Final[Mapping[str, VerbWord]] = {
    verb.name: verb
    for verb in (
        _verb("authenticate", gives="token"),
        _verb("start-direct", "peer", "text name subject", "room message created"),
        _verb("open-direct", "peer", gives="room created"),
        _verb("start-group", "peers", "name kind text file", "room message"),
        _verb("send-text", "room text", gives="message"),
        _verb("send-file", "room file", "files text key message upload_url", "message key upload_url"),
        _verb("request-upload", "file", gives="key upload_url"),
        _verb("download-file", "message", gives="bytes", reads=True),
        _verb("reply", "room message text", gives="message"),
        _verb("list-rooms", may="page query", gives="rooms next count", reads=True),
        _verb("read-room", "room", "page", "room messages next count", reads=True),
        _verb("list-messages", "room", "page page_size", "messages next previous count", reads=True),
        _verb("list-all-messages", may="page page_size", gives="messages next previous count", reads=True),
        _verb("read-message", "message", "room", "message", reads=True),
        _verb("edit-message", "message text", "room", "message"),
        _verb("delete-message", "message", "room"),
        _verb("react", "message emoji", "room", "message reaction reactions outcome"),
        _verb("unreact", "message", "emoji room", "message reactions outcome"),
        _verb("mark-room-read", "room", gives="count"),
        _verb("mark-message-read", "message", "room", "already"),
        _verb("type", "room", "typing"),
        _verb("list-typing", "room", gives="typists", reads=True),
        _verb("block", "peer", gives="block"),
        _verb("unblock", "block"),
        _verb("list-blocks", gives="blocks", reads=True),
        _verb("add-member", "room peers"),
        _verb("remove-member", "room peer"),
        _verb("change-role", "room peer role", gives="standing"),
        _verb("leave", "room"),
        _verb("rename-room", "room name", gives="room"),
        _verb("delete-room", "room"),
        _verb("search-messages", "query", gives="messages", reads=True),
        _verb("search-rooms", "query", gives="rooms", reads=True),
        _verb("list-sessions", gives="sessions", reads=True),
        _verb("clean-sessions", gives="count"),
    )
}

# What happens to a socket can cause an event too (presence): these two stand beside verbs under an event's `after`.
SOCKET_CAUSES: Final = ("open-socket", "close-socket")

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "message-created": ("message", "room", "author", "recipient", "text"),
    "message-edited": ("message", "room", "author", "text"),
    "message-deleted": ("message", "room", "member"),
    "reaction-changed": ("message", "room", "member", "emoji", "in_force", "reactions"),
    "message-read": ("message", "room", "member"),
    "typing": ("room", "member", "typing"),
    "came-online": ("room", "member"),
    "went-offline": ("room", "member"),
    "error": ("text", "code"),
}

# How an API shows a thing: the fields that a view may point to. A variant (``member/bare``) has the same fields.
VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    "message": (
        "id", "room", "author", "recipient", "text", "kind", "sent_at", "edited", "edited_at", "deleted", "read",
        "read_at", "reply_to", "reactions", "read_by", "file", "file_name", "file_size", "files",
    ),
    "room": (
        "id", "kind", "name", "picture", "members", "unread", "last_text", "last_author", "last_at", "messages", "peer", "subject",
    ),
    "reaction": ("id", "message", "member", "emoji", "in_force"),
    "receipt": ("message", "member", "read_at"),
    "file": ("name", "kind"),
    "member": ("id", "name", "role"),
    "block": ("id", "member"),
    "session": ("id", "active"),
}  # fmt: skip


# What a given name is: the view that may show it, and whether it is a list of such things.
SHOWN: Final[Mapping[str, tuple[str, bool]]] = {
    "block": ("block", False),
    "blocks": ("block", True),
    "message": ("message", False),
    "messages": ("message", True),
    "reaction": ("reaction", False),
    "reactions": ("reaction", True),
    "receipt": ("receipt", False),
    "room": ("room", False),
    "rooms": ("room", True),
    "sessions": ("session", True),
    "standing": ("member", False),
    "typists": ("member", True),
}

# What `$file`, each of `$files` and `$room` have besides a room's peer, which has the attributes of a member.
FILE_ATTRIBUTES: Final = ("name", "type", "kind", "content")
ROOM_ATTRIBUTES: Final = ("id", "kind")


def base_view(name: str) -> str:
    """The view that ``name`` is a variant of: ``member`` for ``member/bare``; itself, when it is none."""
    return name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class RuleWord:
    """A promise that is neither a schema nor a refusal: its allowed values, or ``None`` for a whole number."""

    name: str
    values: tuple[str, ...] | None
    sentence: str


RULES: Final[Mapping[str, RuleWord]] = {
    rule.name: rule
    for rule in (
        RuleWord("message-order", ("newest-first", "oldest-first"), "how messages are listed"),
        RuleWord("room-order", ("latest-message-first", "none"), "how rooms are listed"),
        RuleWord("page-size", None, "messages on a page when nothing is asked for"),
        RuleWord("page-size-max", None, "messages on a page at the most"),
        RuleWord(
            "reactions",
            ("one-toggled", "many-toggled", "many-added"),
            "one-toggled: one a member and message, the same again removes it, another replaces it; many-toggled: one an "
            "emoji, the same again removes it; many-added: one an emoji, the same again changes nothing",
        ),
        RuleWord("start-again", ("same-room", "refused-with-room"), "what starting with a known peer gives"),
        RuleWord("deleted-messages", ("gone", "flagged"), "what lists do with deleted messages"),
        RuleWord("unread", ("messages-of-others",), "what a room's unread count counts"),
        RuleWord(
            "room-name", ("the-peer",), "what a direct room is called, as one of its two members is shown it"
        ),
        RuleWord("room-subject", ("of-the-first-start",), "what a room is about once it was started again"),
        RuleWord("file-keys", ("one-a-file",), "which key a place for a file gets"),
        RuleWord("receipts", ("one-a-message", "one-a-room"), "how many receipts reading a room makes"),
        RuleWord("typing-expiry", None, "seconds after which a typing member no longer counts as typing"),
        RuleWord("upload-url", ("once", "until-expiry"), "how often an upload URL may be used"),
        RuleWord("search-max", None, "messages that a search gives at the most"),
        RuleWord("session-expiry", None, "seconds after which an inactive session is cleaned up"),
    )
}
