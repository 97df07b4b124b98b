"""What each defect of connectify does: one act, and what it shows without the defect and with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest

from reference_server import defects
from reference_server.core.refusals import Refusal
from tests.reference_server.connectify_site import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    EVE,
    SPEC,
    Open,
    Site,
    block,
    gather,
    opening,
    start,
)

GROUP_LIST = "listGroupMessages"


@pytest.fixture
def opened() -> Iterator[Open]:
    with opening() as open_site:
        yield open_site


def knocks_without_a_token(site: Site) -> object:
    answer = site.client.request("GET", SPEC.operations["listConversations"].path)
    return answer.status_code, answer.headers.get("WWW-Authenticate")


def has_a_picture(site: Site) -> object:
    form = {"name": "with a face", "organization_id": "1", "member_ids": [str(BOB)]}
    files = {"avatar": ("face.png", b"face", "image/png")}
    return site.call("alice", "createGroupChat", form, files=files)[1]["avatar"] is not None


def says_blocked(site: Site) -> object:
    start(site)
    seat = site.listen("alice", "conversation", 1)
    block(site, "bob", ALICE)
    site.say(seat, {"type": "message", "content": "x"})
    return site.texts("bob")


def sends_blocked(site: Site) -> object:
    start(site)
    block(site, "bob", ALICE)
    return site.call("alice", "sendMessage", {"content": "x"}, conversation_id=1)[0], site.texts("bob")


def blocker_sends(site: Site) -> object:
    start(site)
    block(site, "bob", ALICE)
    return site.call("bob", "sendMessage", {"content": "x"}, conversation_id=1)[0]


def blocked_elsewhere(site: Site) -> object:
    block(site, "bob", ALICE)
    return start(site, "alice", CAROL)[0]


def unblocks_self(site: Site) -> object:
    number = block(site, "bob", ALICE)
    return site.call("alice", "deleteBlock", block_id=number)[0], len(site.call("bob", "listBlocks")[1])


def gathers_blockers(site: Site) -> object:
    block(site, "bob", ALICE)
    block(site, "carol", ALICE)
    status, body = gather(site, BOB, CAROL)
    return status, body.get("detail")


def crosses(site: Site) -> object:
    return start(site, "alice", EVE)[0], len(site.call("eve", "listConversations")[1])


def gathers_across(site: Site) -> object:
    return gather(site, EVE)[0], len(site.call("eve", "listGroupChats")[1])


def in_group(operation: str, who: str, body: object) -> Callable[[Site], object]:
    def act(site: Site) -> object:
        gather(site, BOB, CAROL)
        status, _ = site.call(who, operation, body, group_chat_id=1)
        members = site.call("alice", "getGroupChat", group_chat_id=1)[1]["members"]
        return status, {each["id"]: each["role"] for each in members}

    return act


def removed(site: Site) -> Any:
    """A group chat from whose socket bob was removed."""
    gather(site, BOB, CAROL)
    seat = site.listen("bob", "groupChat", 1)
    site.call("alice", "removeMember", {"member_id": BOB}, group_chat_id=1)
    return seat


def listed(site: Site, *gone: int) -> object:
    """Who is in a group chat, as its list shows it, once some were removed."""
    gather(site, BOB, CAROL)
    for member in gone:
        site.call("alice", "removeMember", {"member_id": member}, group_chat_id=1)
    (group,) = site.call("alice", "listGroupChats")[1]
    return {each["id"]: each["role"] for each in group["members"]}


def removed_hears(site: Site) -> object:
    removed(site)
    site.call("alice", "sendGroupMessage", {"content": "x"}, group_chat_id=1)
    return site.hearers()


def removed_says(site: Site) -> object:
    site.say(removed(site), {"type": "message", "content": "x"})
    return site.texts("alice", 1, GROUP_LIST)


def two_rooms(site: Site, frame: object) -> object:
    """Which of bob's two sockets hear what alice says in the conversation."""
    start(site)
    gather(site, BOB)
    alice = site.listen("alice", "conversation", 1)
    rooms = {site.listen("bob", kind, 1).room_id: kind for kind in ("conversation", "groupChat")}
    site.say(alice, frame)
    return {rooms[room] for member, room, _ in site.ears.heard if member == BOB}


def many_unheard(site: Site) -> object:
    """Those of a hundred messages of a group chat that bob does not hear."""
    gather(site, BOB)
    site.listen("bob", "groupChat", 1)
    said = [
        site.call("alice", "sendGroupMessage", {"content": str(n)}, group_chat_id=1)[1]["id"]
        for n in range(100)
    ]
    heard = {event["message"]["id"] for _, event in site.heard()}
    return [number for number in said if number not in heard]


def stops_typing(site: Site) -> object:
    start(site)
    alice = site.listen("alice", "conversation", 1)
    site.listen("bob", "conversation", 1)
    for typing in (True, False):
        site.say(alice, {"type": "typing", "is_typing": typing})
    return [event["is_typing"] for _, event in site.heard()]


def reads(site: Site) -> tuple[object, object, object]:
    """Who is said to have read the second of two messages, who has, and what bob has not read."""
    start(site)
    site.call("alice", "sendMessage", {"content": "more"}, conversation_id=1)
    site.listen("alice", "conversation", 1)
    site.say(site.listen("bob", "conversation", 1), {"type": "read", "message_id": 2})
    shown = site.call("alice", "getMessage", message_id=2)[1]["read_by"]
    unread = site.call("bob", "listConversations")[1][0]["unread_count"]
    return [event["user_id"] for _, event in site.heard()], shown, unread


def reacts(site: Site, emoji: str | None) -> object:
    """The reactions that are left when bob, who has given two, takes that one off, or all."""
    start(site)
    for who, given in (("alice", "a"), ("bob", "b"), ("bob", "c")):
        site.call(who, "reactToMessage", {"emoji": given}, message_id=1)
    site.call("bob", "removeReaction", query={"emoji": emoji} if emoji else {}, message_id=1)
    return [each["emoji"] for each in site.call("bob", "getMessage", message_id=1)[1]["reactions"]]


def admin_deletes(site: Site) -> object:
    gather(site, BOB)
    sent = site.call("bob", "sendGroupMessage", {"content": "x"}, group_chat_id=1)[1]
    return site.call("alice", "deleteMessage", message_id=sent["id"])[0], site.texts("bob", 1, GROUP_LIST)


def starts_again(site: Site) -> object:
    start(site)
    return start(site)[1].get("conversation_id")


def starts_back(site: Site) -> object:
    start(site)
    return start(site, "bob", ALICE)[0], len(site.call("alice", "listConversations")[1])


def reads_first(site: Site) -> object:
    return len(start(site)[1]["messages"]), len(gather(site, BOB)[1]["messages"])


def long_page(site: Site) -> object:
    start(site)
    with site.core.request():
        for number in range(120):
            site.core.chat.send(site.core.members[0], site.core.chat.room(1), str(number))
    query = {"page_size": 110}
    # A page of more than a hundred does not fit the spec, which is the point.
    page = site.call("bob", "listConversationMessages", query=query, fits=False, conversation_id=1)
    return len(page[1]["results"])


def group_page(site: Site) -> object:
    gather(site, BOB)
    for number in range(4):
        site.call("bob", "sendGroupMessage", {"content": str(number)}, group_chat_id=1)
    return len(site.call("bob", GROUP_LIST, query={"page_size": 2}, group_chat_id=1)[1]["results"])


def edits_the_latest(site: Site) -> object:
    """What bob is shown as the last message once alice has edited it."""
    start(site)
    site.call("alice", "editMessage", {"content": "edited"}, message_id=1)
    return site.call("bob", "listConversations")[1][0]["last_message"]["content"]


def tampered(site: Site) -> object:
    start(site)
    claims = jwt.decode(site.token("alice"), options={"verify_signature": False})
    try:
        site.knock(jwt.encode(claims, "another secret that is long enough", "HS256"), "conversation", 1)
    except Refusal as refusal:
        return site.api.refuse(refusal).status
    return 101


NOBODY_NEW = {ALICE: "admin", BOB: "member", CAROL: "member"}
PAIR = {ALICE: "admin", CAROL: "member"}
TYPES = {"type": "typing", "is_typing": True}
SAYS = {"type": "message", "content": "x"}
PROMOTE_SELF = {"member_id": BOB, "role": "admin"}
BOB_ADMIN = {**NOBODY_NEW, BOB: "admin"}
CASES: list[tuple[str, Callable[[Site], object], object, object]] = [
    ("block-leaks-by-socket", says_blocked, ["hello"], ["x", "hello"]),
    ("block-works-both-ways", blocker_sends, 201, 403),
    ("block-is-everybodys", blocked_elsewhere, 201, 400),
    ("blocked-is-told-after-the-fact", sends_blocked, (403, ["hello"]), (403, ["x", "hello"])),
    ("anybody-unblocks", unblocks_self, (403, 1), (204, 0)),
    ("group-ignores-blocks", gathers_blockers, (400, "You are blocked by: bob, carol"), (201, None)),
    ("walls-are-thin", crosses, (400, 0), (201, 1)),
    ("group-crosses-organisations", gathers_across, (400, 0), (201, 1)),
    (
        "adding-crosses-organisations",
        in_group("addMembers", "alice", {"member_ids": [EVE]}),
        (400, NOBODY_NEW),
        (200, {**NOBODY_NEW, EVE: "member"}),
    ),
    (
        "anybody-adds",
        in_group("addMembers", "bob", {"member_ids": [DAVE]}),
        (403, NOBODY_NEW),
        (200, {**NOBODY_NEW, DAVE: "member"}),
    ),
    (
        "anybody-changes-roles",
        in_group("changeRole", "carol", PROMOTE_SELF),
        (403, NOBODY_NEW),
        (200, BOB_ADMIN),
    ),
    (
        "member-promotes-self",
        in_group("changeRole", "bob", PROMOTE_SELF),
        (403, NOBODY_NEW),
        (200, BOB_ADMIN),
    ),
    (
        "removing-needs-no-admin",
        in_group("removeMember", "carol", {"member_id": BOB}),
        (403, NOBODY_NEW),
        (200, PAIR),
    ),
    (
        "leaving-needs-an-admin",
        in_group("removeMember", "bob", {"member_id": BOB}),
        (200, PAIR),
        (403, NOBODY_NEW),
    ),
    ("removed-is-still-listed", lambda site: listed(site, BOB), PAIR, {**PAIR, BOB: "member"}),
    ("all-are-listed-as-members", listed, NOBODY_NEW, {**NOBODY_NEW, ALICE: "member"}),
    ("removed-still-hears", removed_hears, [], [BOB]),
    ("removed-still-sends", removed_says, ["hello"], ["x", "hello"]),
    (
        "rooms-share-numbers",
        lambda site: two_rooms(site, SAYS),
        {"conversation"},
        {"conversation", "groupChat"},
    ),
    (
        "typing-is-heard-in-all-rooms",
        lambda site: two_rooms(site, TYPES),
        {"conversation"},
        {"conversation", "groupChat"},
    ),
    ("drops-every-hundredth", many_unheard, [], [100]),
    ("stop-typing-is-not-told", stops_typing, [True, False], [True]),
    ("read-names-the-author", reads, ([BOB], [BOB], 1), ([ALICE], [BOB], 1)),
    ("read-marks-all-before", reads, ([BOB], [BOB], 1), ([BOB], [BOB], 0)),
    ("read-is-not-kept", reads, ([BOB], [BOB], 1), ([BOB], [], 2)),
    ("unreact-takes-everybodys", lambda site: reacts(site, None), ["a"], []),
    ("unreact-ignores-the-emoji", lambda site: reacts(site, "b"), ["a", "c"], ["a"]),
    ("one-emoji-a-member", lambda site: reacts(site, "c"), ["a", "b"], ["a"]),
    ("admin-deletes", admin_deletes, (403, ["x", "hello"]), (204, ["hello"])),
    ("exists-hides-the-id", starts_again, 1, None),
    ("401-names-no-scheme", knocks_without_a_token, (401, "Bearer"), (401, None)),
    ("exists-one-way", starts_back, (400, 1), (201, 2)),
    ("group-picture-is-lost", has_a_picture, True, False),
    ("initial-message-is-lost", reads_first, (1, 1), (0, 0)),
    ("page-size-has-no-limit", long_page, 100, 110),
    ("page-size-is-ignored", group_page, 2, 5),
    ("preview-misses-edits", edits_the_latest, "edited", "hello"),
    ("tampered-token-opens", tampered, 401, 101),
]


def test_every_defect_is_tried() -> None:
    known = [each.id for each in defects.catalogue("connectify")]
    assert sorted(f"connectify-{name}" for name, *_ in CASES) == known


@pytest.mark.parametrize("name, act, right, wrong", CASES, ids=[name for name, *_ in CASES])
def test_a_defect_does_what_it_says(
    opened: Open, name: str, act: Callable[[Site], object], right: object, wrong: object
) -> None:
    assert act(opened()) == right
    assert act(opened(f"connectify-{name}")) == wrong
