"""Who may do what: nobody without a token, outsiders nothing, members only what is theirs."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("fe16ops:AUTH-1", "netroxchange:AUTH-1")
@pytest.mark.covers("connectify:AUTH-1")
@pytest.mark.covers("conversations:AUTH-2")
@pytest.mark.covers("rooms:AUTH-1")
def test_no_operation_answers_without_a_valid_token(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    mine = alice.sends(room, "only members read this")
    for role in stage.strangers():
        for operation in stage.secured_operations():
            alice.is_refused(operation, role, {"room": room, "message": mine, "peer": bob}, role=role)
    alice.sees_unchanged(mine)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("fe16ops:AUTH-2")
@pytest.mark.covers("conversations:MSG-5")
@pytest.mark.covers("rooms:AUTH-3")
@pytest.mark.each_kind
def test_an_outsider_reads_nothing(alice: LiveMember, carol: LiveMember, room: RoomHandle) -> None:
    alice.sends(room, "not for carol")
    carol.may_not("list-messages", "not-a-member", room=room)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("fe16ops:AUTH-3")
@pytest.mark.covers("connectify:GRP-5")
@pytest.mark.covers("conversations:SEND-5")
@pytest.mark.covers("rooms:AUTH-3")
@pytest.mark.each_kind
def test_an_outsider_sends_nothing(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    before = alice.sends(room, "before the outsider")
    carol.may_not("send-text", "not-a-member", room=room, text="I am not in this room")
    after = alice.sends(room, "after the outsider")
    alice.sees_in_all(room, before, after)
    alice.does_not_see_text(room, "I am not in this room")


@pytest.mark.needs("send-text", "edit-message", "delete-message", "list-messages")
@pytest.mark.covers("fe16ops:AUTH-4")
@pytest.mark.covers("connectify:MSG-3", "connectify:MSG-5")
@pytest.mark.covers("conversations:ALL-5", "conversations:ALL-7")
@pytest.mark.covers("rooms:AUTH-3", "rooms:MSG-6", "rooms:MSG-8")
@pytest.mark.each_kind
def test_only_the_sender_changes_a_message(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    mine = alice.sends(room, "mine alone")
    bob.may_not("edit-message", "not-the-sender", message=mine, text="bob was here")
    bob.may_not("delete-message", "not-the-sender", message=mine)
    carol.may_not("edit-message", "not-a-member", message=mine, text="carol was here")
    carol.may_not("delete-message", "not-a-member", message=mine)
    alice.sees_unchanged(mine)
